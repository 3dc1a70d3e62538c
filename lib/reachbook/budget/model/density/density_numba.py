"""Compiled loops of the media mix's log density and gradient, cached on disk by Numba."""

from typing import Any

import numba
import numpy as np
from numba import njit

from reachbook.budget.model.saturation import FLOOR

_numba: Any = numba
carray, types = _numba.carray, _numba.types


@njit(cache=True, error_model="numpy")
def dot(a: Any, b: Any) -> float:
    """Dot product, in four partial sums."""
    one, two, three, four = 0.0, 0.0, 0.0, 0.0
    whole = len(a) - len(a) % 4
    for i in range(0, whole, 4):
        one += a[i] * b[i]
        two += a[i + 1] * b[i + 1]
        three += a[i + 2] * b[i + 2]
        four += a[i + 3] * b[i + 3]
    for i in range(whole, len(a)):
        one += a[i] * b[i]
    return (one + two) + (three + four)


@njit(cache=True, error_model="numpy")
def logistic(x: float) -> float:
    """1 / (1 + exp(-x))."""
    return float(0.5 * (1 + np.tanh(0.5 * x)))


@njit(cache=True, error_model="numpy")
def lag_weights(family: int, numbers: Any, given: Any, size: int) -> Any:
    """Lag weights as in `adstock.Kernel`, and their derivatives.

    Parameters
    ----------
    family : int
        0 geometric, 1 delayed, 2 weibull.
    numbers : float sequence (8,)
        `Kernel.numbers`.
    given : float array (parameters, c)
        Standard normal values.
    size : int
        Number of lags, lag 0 included.

    Returns
    -------
    weights : float array (c, size)
        Weights that sum to one.
    slopes : float array (parameters, c, size)
        Derivatives with respect to `given`.
    """
    spread, peak_spread, scale_spread, shape_middle, shape_spread, odds, peak, latest = numbers
    weights, slopes = np.empty((given.shape[1], size)), np.zeros((len(given), given.shape[1], size))
    for c in range(given.shape[1]):
        if family == 0:
            r, before = logistic(odds + spread * given[0, c]), 1.0
            turn = spread * r * (1 - r)
            weights[c, 0], slopes[0, c, 0] = 1 - r, -turn
            for lag in range(1, size):
                weights[c, lag] = (1 - r) * before * r
                slopes[0, c, lag] = turn * before * (lag - (lag + 1) * r)
                if lag == size - 1:
                    weights[c, lag], slopes[0, c, lag] = before * r, turn * before * lag
                before *= r
        elif family == 1:
            r, part = logistic(odds + spread * given[0, c]), logistic(peak + peak_spread * given[1, c])
            nearest = min(abs(latest * part - np.floor(latest * part)), abs(np.ceil(latest * part) - latest * part))
            total, by_r, by_peak = 0.0, 0.0, 0.0
            for lag in range(size):
                off = lag - latest * part
                weights[c, lag] = np.exp(np.log(r) * (off * off - nearest * nearest))
                slopes[0, c, lag] = off * off * spread * (1 - r)
                slopes[1, c, lag] = -2 * np.log(r) * off * latest * peak_spread * part * (1 - part)
                total += weights[c, lag]
            for lag in range(size):
                weights[c, lag] /= total
                by_r += weights[c, lag] * slopes[0, c, lag]
                by_peak += weights[c, lag] * slopes[1, c, lag]
            for lag in range(size):
                slopes[0, c, lag] = weights[c, lag] * (slopes[0, c, lag] - by_r)
                slopes[1, c, lag] = weights[c, lag] * (slopes[1, c, lag] - by_peak)
        else:
            scale = np.log(-1 / np.log(logistic(odds))) + scale_spread * given[0, c]
            shape = np.exp(shape_middle + shape_spread * given[1, c])
            left, by_scale, by_shape = 1.0, 0.0, 0.0
            for lag in range(size):
                logs = np.log(lag + 1.0) - scale
                hazard = np.exp(min(shape * logs, 700.0))
                after = np.exp(-hazard) if lag < size - 1 else 0.0
                on_scale, on_shape = (
                    after * hazard * shape * scale_spread,
                    -after * hazard * logs * shape * shape_spread,
                )
                weights[c, lag] = left - after
                slopes[0, c, lag], slopes[1, c, lag] = by_scale - on_scale, by_shape - on_shape
                left, by_scale, by_shape = after, on_scale, on_shape
    return weights, slopes


@njit(cache=True, error_model="numpy")
def part_and_slopes(kind: int, stock: float, half: float, power: float) -> tuple[float, float, float, float]:
    """Saturation (0 hill, 1 logistic) and its derivatives with respect to stock, log half and log power."""
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
    """Adstock, float array (r, c, w), from weights (c, lags + 1) and lagged spend (r, c, lags + 1, w)."""
    regions, channels, lags, size = lagged.shape
    stock = np.zeros((regions, channels, size))
    for r in range(regions):
        for c in range(channels):
            for lag in range(lags):
                for w in range(size):
                    stock[r, c, w] += weights[c, lag] * lagged[r, c, lag, w]
    return stock


@njit(cache=True, error_model="numpy")
def pushed(steps: Any, log_sigma: Any, alike: float, pushes: Any, by_alike: Any) -> float:
    """Log determinant term of the correlated noise; fills `pushes` and adds to `by_alike`.

    Parameters
    ----------
    steps : float array (r, used)
        Innovations of the noise.
    log_sigma : float array (r,)
        Log standard deviations.
    alike : float
        Correlation of any two regions' innovations.
    pushes : float array (r, used)
        Output: precision matrix times `steps`.
    by_alike : float array (1,)
        Output: the derivative with respect to the regions' correlation is added.

    Returns
    -------
    float
        -1/2 log determinant of the correlation matrix, over all used periods.
    """
    regions, used = steps.shape
    if regions == 1:
        precision = np.exp(-2 * log_sigma[0])
        for w in range(used):
            pushes[0, w] = precision * steps[0, w]
        return 0.0
    more, left = regions - 1, 1 - alike
    whole = 1 + more * alike
    shared, bend = alike / whole, (1 + more * alike * alike) / (left * whole) ** 2
    for w in range(used):
        total, squares = 0.0, 0.0
        for r in range(regions):
            unit = steps[r, w] * np.exp(-log_sigma[r])
            pushes[r, w] = unit
            total += unit
            squares += unit * unit
        by_alike[0] -= 0.5 * (squares / (left * left) - total * total * bend)
        for r in range(regions):
            pushes[r, w] = (pushes[r, w] - shared * total) / left * np.exp(-log_sigma[r])
    by_alike[0] -= 0.5 * used * more * (1 / whole - 1 / left)
    return float(-0.5 * used * (more * np.log(left) + np.log(whole)))


@njit(cache=True, error_model="numpy")
def weeks(
    media: Any, rest: Any, log_scale: Any, rho: Any, log_sigma: Any, alike: float, y: Any, used: int, columns: Any,
    group: Any, centre: Any, project: Any, shift: Any, root: Any, by_rest: Any, by_scale: Any, by_rho: Any,
    by_sigma: Any, by_alike: Any, by_media: Any,
) -> float:  # fmt: skip
    """Log density of outcome and baseline coefficients given the media.

    The derivatives are added to `by_rest` and the arguments after it, each of the shape of the argument that it belongs
    to (`by_alike` (1,)); `by_media` (r, w) is overwritten.
    """
    regions, size = media.shape
    p = rest.shape[1]
    value = 0.0
    by_coefficient = np.empty((regions, p))
    off, error, by_error = np.empty(size), np.empty((regions, size)), np.empty(size)
    steps, pushes = np.empty((regions, used)), np.empty((regions, used))
    for r in range(regions):
        for w in range(size):
            off[w] = y[r, w] - media[r, w]
            error[r, w] = off[w]
        for j in range(p):
            at = shift[r, j] + dot(project[r, j], off) + dot(root[r, j, : j + 1], rest[r, : j + 1])
            for w in range(size):
                error[r, w] -= columns[r, j, w] * at
            scale = np.exp(log_scale[group[j]])
            far = (at - centre[r, j]) / scale
            value -= 0.5 * far * far + log_scale[group[j]]
            by_scale[group[j]] += far * far - 1
            by_coefficient[r, j] = -far / scale
        first = np.sqrt(1 - rho[r] ** 2)
        for w in range(used):
            steps[r, w] = error[r, 0] * first if w == 0 else error[r, w] - rho[r] * error[r, w - 1]
    value += pushed(steps, log_sigma, alike, pushes, by_alike)
    for r in range(regions):
        kept, first = rho[r], np.sqrt(1 - rho[r] ** 2)
        squares, moved = 0.0, 0.0
        by_error[:] = 0.0
        for w in range(used):
            push = pushes[r, w]
            squares += push * steps[r, w]
            if w == 0:
                by_error[0] -= push * first
                moved += push * error[r, 0] * kept / first
            else:
                by_error[w] -= push
                by_error[w - 1] += kept * push
                moved += push * error[r, w - 1]
        value += -0.5 * squares - used * log_sigma[r] + np.log(first)
        by_rho[r] += moved - kept / (1 - kept**2)
        by_sigma[r] += squares - used
        for w in range(size):
            by_media[r, w] = -by_error[w]
        for j in range(p):
            by = by_coefficient[r, j] - dot(columns[r, j], by_error)
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
    """Log density of the lift tests; the derivatives are added to the last five arguments."""
    regions = len(stock)
    lags, longest = weights.shape[1], running.shape[1]
    value = 0.0
    for j in range(len(lift)):
        c, brought = channel[j], 0.0
        start, gain = np.zeros(regions), np.zeros((regions, 4))
        by_reach = np.zeros((regions, lags))
        for r in range(regions):
            start[r] = dot(window[j], stock[r, c])
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
            brought += worth[j, r] * height[r, c] * gain[r, 0]
        off = (lift[j] - brought) / sd[j]
        value -= 0.5 * off * off
        for r in range(regions):
            by = off / sd[j] * worth[j, r] * height[r, c]
            by_share[r, c] += by * gain[r, 0]
            by_half[r, c] += by * gain[r, 2]
            by_power[c] += by * gain[r, 3]
            for w in range(len(window[j])):
                by_stock[r, c, w] += by * gain[r, 1] * window[j, w]
            for lag in range(lags):
                by_weights[c, lag] += by * by_reach[r, lag]
    return value


@njit(cache=True, error_model="numpy", inline="always")
def core(
    kind: int, weights: Any, share: Any, half: Any, power: Any, rest: Any, log_scale: Any, rho: Any, log_sigma: Any,
    alike: float, y: Any, used: int, lagged: Any, active: Any, columns: Any, group: Any, centre: Any, project: Any,
    shift: Any, root: Any, tests: Any,
) -> Any:  # fmt: skip
    """Log likelihood and prior of the baseline coefficients, with derivatives; shapes as in `density.ModelData`.

    Returns
    -------
    tuple
        Value, then the derivatives with respect to weights, log share, log half, log power, rest, log scale, rho, log
        sigma and alike.
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
    by_media, by_alike = np.empty((regions, size)), np.zeros(1)
    value = weeks(
        media, rest, log_scale, rho, log_sigma, alike, y, used, columns, group, centre, project, shift, root, by_rest,
        by_scale, by_rho, by_sigma, by_alike, by_media,
    )  # fmt: skip
    value += tested(
        kind, weights, stock, height, half, power, tests[0], tests[1], tests[2], tests[3], tests[4], tests[5],
        tests[6], by_weights, by_stock, by_share, by_half, by_power,
    )  # fmt: skip
    for r in range(regions):
        for c in range(channels):
            by_share[r, c] += height[r, c] * dot(by_media[r], part[r, c])
            shrink = by_share[r, c] / mean[r, c] / size
            for w in range(size):
                by_part = height[r, c] * by_media[r, w] - shrink
                by_stock[r, c, w] += by_part * rise[r, c, w]
                by_half[r, c] += by_part * on_half[r, c, w]
                by_power[c] += by_part * on_power[r, c, w]
            for lag in range(lags):
                by_weights[c, lag] += dot(lagged[r, c, lag], by_stock[r, c])
    return value, by_weights, by_share, by_half, by_power, by_rest, by_scale, by_rho, by_sigma, by_alike


@njit(cache=True, error_model="numpy")
def softplus(x: float) -> float:
    """log(1 + exp(x))."""
    return float(max(x, 0.0) + np.log1p(np.exp(-abs(x))))


@njit(cache=True, error_model="numpy")
def pooled(common: float, log_apart: float, spread: float, z: Any, by_z: Any, by_apart: Any) -> float:
    """Log density of partially pooled deviations and its derivatives.

    Parameters
    ----------
    common : float
        Standard deviation of the part that all channels share.
    log_apart : float
        Log standard deviation of the channels' own parts.
    spread : float
        Derivative of `log_apart` with respect to its unconstrained parameter.
    z : float array (c,)
        Deviations over `common`: normal, covariance 1 + (apart / common)^2 on the diagonal and 1 elsewhere.
    by_z : float array (c,)
        Output: derivative with respect to `z`, overwritten.
    by_apart : float array (1,)
        Output: the derivative with respect to the unconstrained parameter is added.

    Returns
    -------
    float
        Log density, up to a constant.
    """
    size, ratio, total, squares = len(z), (common / np.exp(log_apart)) ** 2, 0.0, 0.0
    for k in range(size):
        total += z[k]
        squares += z[k] * z[k]
    whole = 1 + ratio * size
    left = ratio * (squares - ratio / whole * total**2)
    for k in range(size):
        by_z[k] = -ratio * (z[k] - ratio / whole * total)
    by_apart[0] += spread * (left - ratio**2 * (total / whole) ** 2 - size + ratio * size / whole)
    return float(-0.5 * left - size * log_apart - 0.5 * np.log(whole))


@njit(cache=True, error_model="numpy")
def take(data: Any, place: Any, shape: Any) -> Any:
    """Next array of `data` as a view of shape `shape`; advances `place`."""
    size = 1
    for each in shape:
        size *= each
    place[0] += size
    return data[place[0] - size : place[0]].reshape(shape)


@njit(cache=True, error_model="numpy", inline="always")
def at(z: Any, data: Any) -> Any:
    """Log density and gradient at `z`, ordered as `density.Layout.places`.

    Parameters
    ----------
    z : float array (size,)
        Unconstrained parameters.
    data : float array (length,)
        `density.Density.packed`, read in its order: sizes, prior scales, arrays.

    Returns
    -------
    value : float
        Log density, up to a constant.
    gradient : float array (size,)
        Its gradient.

    Notes
    -----
    Plain loops on purpose: array expressions take twice as long to compile (each brings shape checks and their
    messages). Fast-math is off, so that draws are reproducible. Functions called once are inlined. The gradient is
    tested against finite differences. All functions share this file, since Numba's cache watches only the file of the
    cached function.
    """
    place = np.array([1])
    head = take(data, place, (13,)).astype(np.int64)
    curve, sloped, family, parameters, used, regions, channels, lags, w, p, g, tests, longest = head
    lag_numbers, numbers = take(data, place, (8,)), take(data, place, (10,))
    common, apart_middle, apart_spread, half_spread, slope_middle, slope_spread = numbers[:6]
    between_middle, between_spread, lowest, width = numbers[6:]
    half_at = channels * (1 + parameters)
    weights, by_weights = lag_weights(family, lag_numbers, z[channels:half_at].reshape((parameters, channels)), lags)
    y, lagged = take(data, place, (regions, w)), take(data, place, (regions, channels, lags, w))
    active, columns = take(data, place, (regions, channels)), take(data, place, (regions, p, w))
    group, centre = take(data, place, (p,)).astype(np.int64), take(data, place, (regions, p))
    median, spread, project = take(data, place, (g,)), take(data, place, (g,)), take(data, place, (regions, p, w))
    shift, root = take(data, place, (regions, p)), take(data, place, (regions, p, p))
    prior_share, prior_half = take(data, place, (channels,)), take(data, place, (regions, channels))
    noise, channel = take(data, place, (regions,)), take(data, place, (tests,)).astype(np.int64)
    extra, worth = take(data, place, (tests, regions)), take(data, place, (tests, regions))
    running, window = take(data, place, (tests, longest)), take(data, place, (tests, w))
    lift, error = take(data, place, (tests,)), take(data, place, (tests,))
    gradient, value = np.empty_like(z), 0.0
    for k in range(len(z)):
        gradient[k] = -z[k]
        value -= 0.5 * z[k] * z[k]
    apart_at = half_at + channels * (1 + sloped)
    by_at = apart_at + 1
    between_at = by_at + 2 * regions * channels
    rest_at = between_at + 2 if regions > 1 else by_at
    scale_at = rest_at + regions * p
    rho_at = scale_at + len(spread)
    sigma_at = rho_at + regions
    alike_at, alike = sigma_at + regions, 0.0
    share, half, power = np.empty((regions, channels)), np.empty((regions, channels)), np.ones(channels)
    spans = np.ones(2)
    for k in range(2):
        spans[k] = np.exp(between_middle + between_spread * z[between_at + k]) if regions > 1 else 0.0
    for c in range(channels):
        if sloped == 1:
            power[c] = np.exp(slope_middle + slope_spread * z[half_at + channels + c])
        for r in range(regions):
            more, longer = 0.0, half_spread * z[half_at + c]
            if regions > 1:
                more = spans[0] * z[by_at + r * channels + c]
                longer += spans[1] * z[by_at + (regions + r) * channels + c]
            share[r, c] = prior_share[c] * np.exp(common * z[c] + more)
            half[r, c] = prior_half[r, c] * np.exp(longer)
    rho, sigma = np.empty(regions), z[sigma_at : sigma_at + regions]
    for r in range(regions):
        part = logistic(z[rho_at + r])
        rho[r] = lowest + width * part
        loud = np.exp(2 * sigma[r]) / noise[r] ** 2
        value += 0.5 * z[rho_at + r] ** 2 - softplus(z[rho_at + r]) - softplus(-z[rho_at + r])
        value += 0.5 * sigma[r] ** 2 + sigma[r] - 0.5 * loud
        gradient[rho_at + r], gradient[sigma_at + r] = 1 - 2 * part, 1 - loud
    if regions > 1:
        alike = logistic(z[alike_at])
        value += 0.5 * z[alike_at] ** 2 - softplus(z[alike_at]) - softplus(-z[alike_at])
        gradient[alike_at] = 1 - 2 * alike
    for k in range(channels):
        value += 0.5 * z[k] * z[k]
    value += pooled(
        common, apart_middle + apart_spread * z[apart_at], apart_spread, z[:channels], gradient[:channels],
        gradient[apart_at : apart_at + 1],
    )  # fmt: skip
    rest = z[rest_at:scale_at].reshape((regions, columns.shape[1]))
    log_scale = np.empty(g)
    for k in range(rest_at, scale_at):
        value += 0.5 * z[k] * z[k]
        gradient[k] = 0.0
    for k in range(g):
        log_scale[k] = median[k] + spread[k] * z[scale_at + k]
    found = core(
        curve, weights, share, half, power, rest, log_scale, rho, sigma, alike, y, used, lagged, active, columns,
        group, centre, project, shift, root,
        (channel, extra, worth, running, window, lift, error),
    )  # fmt: skip
    on_weights, on_share, on_half, on_power, on_rest, on_scale, on_rho, on_sigma, on_alike = found[1:]
    for c in range(channels):
        for k in range(len(by_weights)):
            gradient[channels * (1 + k) + c] += dot(by_weights[k, c], on_weights[c])
        if sloped == 1:
            gradient[half_at + channels + c] += slope_spread * on_power[c]
        for r in range(regions):
            gradient[c] += on_share[r, c] * common
            gradient[half_at + c] += half_spread * on_half[r, c]
            if regions > 1:
                for k in range(2):
                    on, place = (on_share, on_half)[k][r, c], by_at + (k * regions + r) * channels + c
                    gradient[between_at + k] += between_spread * spans[k] * on * z[place]
                    gradient[place] += spans[k] * on
    for k in range(g):
        gradient[scale_at + k] += spread[k] * on_scale[k]
    for r in range(regions):
        for j in range(p):
            gradient[rest_at + r * p + j] += on_rest[r, j]
    for r in range(regions):
        gradient[rho_at + r] += on_rho[r] * (rho[r] - lowest) * (lowest + width - rho[r]) / width
        gradient[sigma_at + r] += on_sigma[r]
    if regions > 1:
        gradient[alike_at] += on_alike[0] * alike * (1 - alike)
    return value + found[0], gradient


def log_density(size: int, z: Any, slope: Any, value: Any, data: Any) -> int:
    """Density with the signature that `compiled_density.sampled_model` compiles."""
    whole = int(carray(data, (1,), types.double)[0])
    found, gradient = at(carray(z, (size,)), carray(data, (whole,), types.double))
    out = carray(slope, (size,))
    finite = np.isfinite(found)
    for k in range(size):
        out[k] = gradient[k]
        finite = finite and np.isfinite(gradient[k])
    carray(value, (1,))[0] = found
    return 0 if finite else 4
