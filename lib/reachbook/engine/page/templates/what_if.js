for (const form of document.querySelectorAll("form.whatif")) {
  const data = JSON.parse(form.querySelector("script").textContent);
  const inputs = data.sliders.map(({name}) => form.querySelector(`input[name="${CSS.escape(name)}"]`));
  const rules = [...form.querySelectorAll(".broken li")];
  const grouped = (text) => text.replace(/^\d+/, (digits) => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ","));
  // Halves go to the even digit, as in the numbers that stand on the page before a slider moves.
  const fixed = (size, digits) => {
    const exact = size.toFixed(digits + 40), cut = exact.slice(0, -40).replace(/\.$/, "");
    return grouped(/^50*$/.test(exact.slice(-40)) && /[02468]$/.test(cut) ? cut : size.toFixed(digits));
  };
  const whole = (size) => fixed(size, 0);
  const four = (size) => {
    const up = Number(size.toPrecision(4)), step = 10 ** (Math.floor(Math.log10(size)) - 3);
    return up - size === step / 2 && Math.round(up / step) % 2 ? up - step : up;
  };
  const compact = (size) => {
    if (data.language !== "zh" || size < 9999.5) return "";
    const kept = four(size);
    const [unit, by] = kept < 1e8 ? ["万", 1e4] : kept < 1e12 ? ["亿", 1e8] : ["万亿", 1e12];
    const [left, right] = String(Number((kept / by).toPrecision(4))).split(".");
    return left + (right ? "." + right : "") + unit;
  };
  const significant = (size) => {
    if (size >= 1000 || Number.isInteger(size)) return whole(size);
    return fixed(size, Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(size)))));
  };
  const unsigned = (size, unit, suffix) => {
    if (unit === "ratio") return fixed(size * 100, 1) + "%";
    if (unit === "money") return data.symbol + (compact(size) || fixed(size, size >= 1000 ? 0 : 2));
    if (unit === "count") return compact(size) || whole(size);
    return (compact(size) || significant(size)) + suffix;
  };
  const number = (value, {unit, suffix}) => {
    const text = unsigned(Math.abs(value), unit, suffix);
    return value < 0 && /[1-9]/.test(text) ? "−" + text : text;
  };
  const at = (xs, ys, x) => {
    if (x <= xs[0]) return ys[0];
    const last = xs.length - 1;
    if (x >= xs[last]) return ys[last];
    let i = 1;
    while (xs[i] < x) i += 1;
    return ys[i - 1] + ((ys[i] - ys[i - 1]) / (xs[i] - xs[i - 1])) * (x - xs[i - 1]);
  };
  const add = (values) => values.reduce((sum, x) => sum + x, 0);
  const sums = (values) => data.curves.map((draw) => add(values.map((x, i) => at(data.grid[i], draw[i], x))));
  const start = data.sliders.map(({value}) => value);
  const kinds = {
    curves: () => {
      const base = sums(start), before = add(start);
      const change = (values) => sums(values).map((sum, d) => sum - base[d] - data.cost * (add(values) - before));
      return {together: add, draws: change};
    },
    product: () => {
      const together = (values) => values.reduce((product, x) => product * x, 1);
      return {together, draws: (values) => data.gained.map((gain, d) => gain * together(values) - data.spent[d])};
    },
  };
  const {together, draws} = kinds[data.kind]();
  const quantile = (sorted, q) => {
    const place = q * (sorted.length - 1), low = Math.floor(place), high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (sorted[high] - sorted[low]) * (place - low);
  };
  const update = () => {
    const values = inputs.map((input) => Number(input.value));
    const change = draws(values);
    const sorted = [...change].sort((a, b) => a - b), edge = (1 - data.level) / 2;
    const [low, middle, high] = [edge, 0.5, 1 - edge].map((q) => number(quantile(sorted, q), data));
    const say = (key, text) => (form.querySelector(`output[data-of="${key}"]`).textContent = text);
    say("total", number(together(values), data.sliders[0]));
    const still = data.still && data.sliders.every(({value, step}, i) => Math.abs(values[i] - value) < data.still.step * step);
    say("change", still ? data.still.change : `${middle} [${low}, ${high}]`);
    const above = Math.round((change.filter((x) => x > 0).length / change.length) * 100);
    say("above", still ? data.still.above : above + "%");
    data.sliders.forEach((slider, i) => {
      form.querySelector(`output[name="${CSS.escape(slider.name)}"]`).textContent = number(values[i], slider);
    });
    const room = 1e-9 * Math.max(values.reduce((sum, x) => sum + Math.abs(x), 0), 1);
    data.limits.forEach((limit, i) => {
      const total = data.sliders.reduce((sum, {name}, j) => sum + (limit.weights[name] ?? 0) * values[j], 0);
      const kept = total >= (limit.low ?? -Infinity) - room && total <= (limit.high ?? Infinity) + room;
      rules[i].hidden = kept || (limit.orZero && Math.abs(total) <= room);
    });
  };
  inputs.forEach((input) => { input.hidden = false; });
  form.querySelector("button").hidden = false;
  form.addEventListener("input", update);
  form.addEventListener("reset", () => setTimeout(update));
}
