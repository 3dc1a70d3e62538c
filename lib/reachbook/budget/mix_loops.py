"""The loops of the media mix's log density and gradient, compiled once for all sizes and kept on disk by Numba.

Plain loops on purpose: they compile in seconds, and no rule of arithmetic is loosened, so that draws are the same every
time. `mix_density` says what is computed; the gradient is checked against differences of the value.
"""

from typing import Any

import numpy as np
from numba import njit

from reachbook.budget.saturation import FLOOR


@njit(cache=True, error_model="numpy")
def part_and_slopes(kind: int, stock: float, half: float, power: float) -> tuple[float, float, float, float]:
    """Part of the largest effect (0 hill, 1 logistic), its derivatives by stock, log half and log power."""
    if kind == 1:
        x = 0.5 * np.log(3.0) * stock / half
        part = np.tanh(x)
        rise = (1 - part * part) * x
        return part, (1 - part * part) * 0.5 * np.log(3.0) / half, -rise, 0.0
    logs = np.log((stock + FLOOR) / half)
    part = 0.5 * (1 + np.tanh(0.5 * power * logs))
    bent = power * part * (1 - part)
    return part, bent / (stock + FLOOR), -bent, bent * logs


@njit(cache=True, error_model="numpy")
def stocks(weights: Any, lagged: Any) -> Any:
    """Adstock (r, c, w) from weights (c, lags + 1) and lagged spend (r, c, lags + 1, w)."""
    regions, channels, lags, size = lagged.shape
    stock = np.zeros((regions, channels, size))
    for r in range(regions):
        for c in range(channels):
            for lag in range(lags):
                weight = weights[c, lag]
                for w in range(size):
                    stock[r, c, w] += weight * lagged[r, c, lag, w]
    return stock


@njit(cache=True, error_model="numpy")
def weeks(
    media: Any, rest: Any, log_scale: Any, rho: Any, log_sigma: Any, y: Any, used: int, columns: Any, group: Any,
    centre: Any, project: Any, shift: Any, root: Any, by_rest: Any, by_scale: Any, by_rho: Any, by_sigma: Any,
    by_media: Any,
) -> float:  # fmt: skip
    """Log density of outcome and coefficients given the media; adds the slopes to the last five, all (r, ...)."""
    regions, size = media.shape
    p = rest.shape[1]
    value = 0.0
    coefficient, by_coefficient = np.empty(p), np.empty(p)
    off, error, by_error = np.empty(size), np.empty(size), np.empty(size)
    for r in range(regions):
        for w in range(size):
            off[w] = y[r, w] - media[r, w]
            error[w] = off[w]
        for j in range(p):
            at = shift[r, j]
            for w in range(size):
                at += project[r, j, w] * off[w]
            for k in range(j + 1):
                at += root[r, j, k] * rest[r, k]
            coefficient[j] = at
            for w in range(size):
                error[w] -= columns[r, j, w] * at
            scale = np.exp(log_scale[group[j]])
            far = (at - centre[r, j]) / scale
            value -= 0.5 * far * far + log_scale[group[j]]
            by_scale[group[j]] += far * far - 1
            by_coefficient[j] = -far / scale
        kept, first = rho[r], np.sqrt(1 - rho[r] ** 2)
        precision = np.exp(-2 * log_sigma[r])
        squares, moved = 0.0, 0.0
        by_error[:] = 0.0
        for w in range(used):
            step = error[0] * first if w == 0 else error[w] - kept * error[w - 1]
            push = precision * step
            squares += push * step
            if w == 0:
                by_error[0] -= push * first
                moved += push * error[0] * kept / first
            else:
                by_error[w] -= push
                by_error[w - 1] += kept * push
                moved += push * error[w - 1]
        value += -0.5 * squares - used * log_sigma[r] + np.log(first)
        by_rho[r] += moved - kept / (1 - kept**2)
        by_sigma[r] += squares - used
        for w in range(size):
            by_media[r, w] = -by_error[w]
        for j in range(p):
            by = by_coefficient[j]
            for w in range(size):
                by -= by_error[w] * columns[r, j, w]
            for k in range(j + 1):
                by_rest[r, k] += by * root[r, j, k]
            for w in range(size):
                by_media[r, w] -= by * project[r, j, w]
    return value


@njit(cache=True, error_model="numpy")
def tested(
    kind: int, weights: Any, stock: Any, height: Any, half: Any, power: Any, channel: Any, extra: Any, worth: Any,
    running: Any, window: Any, lift: Any, sd: Any, by_weights: Any, by_stock: Any, by_share: Any, by_half: Any,
    by_power: Any,
) -> float:  # fmt: skip
    """Log density of what tests found; adds the slopes to the last five."""
    regions, _, size = stock.shape
    lags, longest = weights.shape[1], running.shape[1]
    value = 0.0
    for j in range(len(lift)):
        c, brought = channel[j], 0.0
        start, gain = np.zeros(regions), np.zeros((regions, 4))
        by_reach = np.zeros((regions, lags))
        for r in range(regions):
            for w in range(size):
                start[r] += window[j, w] * stock[r, c, w]
            before = part_and_slopes(kind, start[r], half[r, c], power[c])
            reach = 0.0
            for k in range(longest):
                if k < lags:
                    reach += weights[c, k]
                after = part_and_slopes(kind, start[r] + extra[j, r] * reach, half[r, c], power[c])
                for i in range(4):
                    gain[r, i] += running[j, k] * (after[i] - before[i])
                for lag in range(min(k + 1, lags)):
                    by_reach[r, lag] += running[j, k] * after[1] * extra[j, r]
            brought += worth[r] * height[r, c] * gain[r, 0]
        off = (lift[j] - brought) / sd[j]
        value -= 0.5 * off * off
        for r in range(regions):
            by = off / sd[j] * worth[r] * height[r, c]
            by_share[r, c] += by * gain[r, 0]
            by_half[r, c] += by * gain[r, 2]
            by_power[c] += by * gain[r, 3]
            for w in range(size):
                by_stock[r, c, w] += by * gain[r, 1] * window[j, w]
            for lag in range(lags):
                by_weights[c, lag] += by * by_reach[r, lag]
    return value


@njit(cache=True, error_model="numpy")
def core(
    kind: int, weights: Any, share: Any, half: Any, power: Any, rest: Any, log_scale: Any, rho: Any, log_sigma: Any,
    y: Any, used: int, lagged: Any, active: Any, columns: Any, group: Any, centre: Any, project: Any, shift: Any,
    root: Any, tests: Any,
) -> Any:  # fmt: skip
    """Log likelihood, and slopes by weights, log share, log half, log power, rest, log scale, rho and log sigma.

    The density of the coefficients is in it; shapes as in `mix_density.Evidence`.
    """
    regions, channels, lags, size = lagged.shape
    by_weights, by_rest, by_scale = np.zeros_like(weights), np.zeros_like(rest), np.zeros_like(log_scale)
    by_share, by_half, by_power = np.zeros((regions, channels)), np.zeros((regions, channels)), np.zeros(channels)
    by_rho, by_sigma, media = np.zeros(regions), np.zeros(regions), np.zeros((regions, size))
    stock = stocks(weights, lagged)
    shape = (regions, channels, size)
    part, rise, on_half, on_power = np.empty(shape), np.empty(shape), np.empty(shape), np.empty(shape)
    mean, height, by_stock = np.empty((regions, channels)), np.empty((regions, channels)), np.zeros(shape)
    for r in range(regions):
        for c in range(channels):
            total = 0.0
            for w in range(size):
                found = part_and_slopes(kind, stock[r, c, w], half[r, c], power[c])
                part[r, c, w], rise[r, c, w], on_half[r, c, w], on_power[r, c, w] = found
                total += found[0]
            mean[r, c] = max(total / size, 1e-300)
            height[r, c] = share[r, c] * active[r, c] / mean[r, c]
            for w in range(size):
                media[r, w] += height[r, c] * part[r, c, w]
    by_media = np.empty((regions, size))
    value = weeks(
        media, rest, log_scale, rho, log_sigma, y, used, columns, group, centre, project, shift, root, by_rest,
        by_scale, by_rho, by_sigma, by_media,
    )  # fmt: skip
    value += tested(
        kind, weights, stock, height, half, power, tests[0], tests[1], tests[2], tests[3], tests[4], tests[5],
        tests[6], by_weights, by_stock, by_share, by_half, by_power,
    )  # fmt: skip
    for r in range(regions):
        for c in range(channels):
            for w in range(size):
                by_share[r, c] += height[r, c] * by_media[r, w] * part[r, c, w]
            shrink = by_share[r, c] / mean[r, c] / size
            for w in range(size):
                by_part = height[r, c] * by_media[r, w] - shrink
                by_stock[r, c, w] += by_part * rise[r, c, w]
                by_half[r, c] += by_part * on_half[r, c, w]
                by_power[c] += by_part * on_power[r, c, w]
            for lag in range(lags):
                total = 0.0
                for w in range(size):
                    total += lagged[r, c, lag, w] * by_stock[r, c, w]
                by_weights[c, lag] += total
    return value, by_weights, by_share, by_half, by_power, by_rest, by_scale, by_rho, by_sigma


@njit(cache=True, error_model="numpy")
def softplus(x: float) -> float:
    """log(1 + exp(x))."""
    return float(max(x, 0.0) + np.log1p(np.exp(-abs(x))))


@njit(cache=True, error_model="numpy")
def evaluate(
    z: Any, curve: int, sloped: bool, weights: Any, by_weights: Any, numbers: Any, y: Any, used: int, lagged: Any,
    active: Any, columns: Any, group: Any, centre: Any, median: Any, spread: Any, project: Any, shift: Any, root: Any,
    prior_share: Any, prior_half: Any, noise: Any, tests: Any,
) -> Any:  # fmt: skip
    """Log density at z and its gradient; the order of z is that of `mix_density.Layout.places`.

    sloped : whether the saturation has a slope. weights, by_weights : of the kernel at z. numbers : the scales of the
    priors, in the order in which they are read below.
    """
    steep, half_spread, slope_middle, slope_spread, between_middle, between_spread, lowest, width = numbers
    regions, channels, _, _ = lagged.shape
    gradient, value = -z, -0.5 * np.sum(z * z)
    half_at = channels * (1 + len(by_weights))
    by_at = half_at + channels * (2 if sloped else 1)
    between_at = by_at + 2 * regions * channels
    rest_at = between_at + 2 if regions > 1 else by_at
    scale_at = rest_at + regions * columns.shape[1]
    rho_at = scale_at + len(spread)
    sigma_at = rho_at + regions
    share, half, power = np.empty((regions, channels)), np.empty((regions, channels)), np.ones(channels)
    spans = np.ones(2)
    for k in range(2):
        spans[k] = np.exp(between_middle + between_spread * z[between_at + k]) if regions > 1 else 0.0
    for c in range(channels):
        if sloped:
            power[c] = np.exp(slope_middle + slope_spread * z[half_at + channels + c])
        for r in range(regions):
            more, longer = 0.0, half_spread * z[half_at + c]
            if regions > 1:
                more = spans[0] * z[by_at + r * channels + c]
                longer += spans[1] * z[by_at + (regions + r) * channels + c]
            share[r, c] = prior_share[c] * softplus(steep * z[c]) * np.exp(more)
            half[r, c] = prior_half[r, c] * np.exp(longer)
    rho, sigma = np.empty(regions), z[sigma_at : sigma_at + regions]
    for r in range(regions):
        part = 0.5 * (1 + np.tanh(0.5 * z[rho_at + r]))
        rho[r] = lowest + width * part
        loud = np.exp(2 * sigma[r]) / noise[r] ** 2
        value += 0.5 * z[rho_at + r] ** 2 - softplus(z[rho_at + r]) - softplus(-z[rho_at + r])
        value += 0.5 * sigma[r] ** 2 + sigma[r] - 0.5 * loud
        gradient[rho_at + r], gradient[sigma_at + r] = 1 - 2 * part, 1 - loud
    rest = z[rest_at:scale_at].reshape((regions, columns.shape[1]))
    value += 0.5 * np.sum(rest * rest)
    gradient[rest_at:scale_at] = 0.0
    log_scale = median + spread * z[scale_at:rho_at]
    found = core(
        curve, weights, share, half, power, rest, log_scale, rho, sigma, y, used, lagged, active, columns, group,
        centre, project, shift, root, tests,
    )  # fmt: skip
    on_weights, on_share, on_half, on_power, on_rest, on_scale, on_rho, on_sigma = found[1:]
    for c in range(channels):
        rise = steep * 0.5 * (1 + np.tanh(0.5 * steep * z[c])) / softplus(steep * z[c])
        for k in range(len(by_weights)):
            gradient[channels * (1 + k) + c] += np.sum(by_weights[k, c] * on_weights[c])
        if sloped:
            gradient[half_at + channels + c] += slope_spread * on_power[c]
        for r in range(regions):
            gradient[c] += on_share[r, c] * rise
            gradient[half_at + c] += half_spread * on_half[r, c]
            if regions > 1:
                for k in range(2):
                    on, place = (on_share, on_half)[k][r, c], by_at + (k * regions + r) * channels + c
                    gradient[between_at + k] += between_spread * spans[k] * on * z[place]
                    gradient[place] += spans[k] * on
    for g in range(len(spread)):
        gradient[scale_at + g] += spread[g] * on_scale[g]
    for r in range(regions):
        for j in range(columns.shape[1]):
            gradient[rest_at + r * columns.shape[1] + j] += on_rest[r, j]
        gradient[rho_at + r] += on_rho[r] * (rho[r] - lowest) * (lowest + width - rho[r]) / width
        gradient[sigma_at + r] += on_sigma[r]
    return value + found[0], gradient
