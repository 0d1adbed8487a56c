/** Scales and paths of a line chart. Pure: the component only draws. */

export interface Point {
  readonly x: number;
  readonly y: number;
  /** The interval around y, where it was estimated. */
  readonly low?: number;
  readonly high?: number;
}

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

/** One value for each label of a bar chart; null where there is none. */
export interface BarSeries {
  readonly name: string;
  readonly values: readonly (number | null)[];
  /** The interval around each value, where it was estimated. */
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
}

export interface Bar {
  readonly series: number;
  readonly place: number;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  /** In pixels, from the first label's left. */
  readonly x: number;
  readonly width: number;
}

/** Something with two estimated figures, each with its standard error. */
export interface ScatterPoint {
  readonly label: string;
  readonly x: number;
  readonly xError: number;
  readonly y: number;
  readonly yError: number;
}

export interface Scale {
  readonly ticks: readonly number[];
  readonly from: number;
  readonly to: number;
}

/**
 * Round ticks: steps of 1, 2 or 5 times a power of ten, about `wanted` of them. They hold all values, with little left
 * over; of whole numbers (generations, epochs) the axis has those that there are, and ticks on some of them.
 */
export function scaleOf(values: readonly number[], wanted: number, isWhole = false): Scale {
  const finite = values.filter(Number.isFinite);
  let low = Math.min(...finite);
  let high = Math.max(...finite);
  if (finite.length === 0) [low, high] = [0, 1];
  if (low === high) [low, high] = isWhole ? [low, low + 1] : [low - 0.5, high + 0.5];
  const scales = stepsNear((high - low) / wanted, isWhole).map((step) => stepped(low, high, step));
  const cost = ({ ticks, from, to }: Scale): number =>
    Math.abs(ticks.length - 1 - wanted) / wanted + (to - from) / (high - low);
  const { ticks, from, to } = scales.reduce((best, scale) => (cost(scale) < cost(best) ? scale : best));
  return isWhole ? { ticks: ticks.filter((tick) => low <= tick && tick <= high), from: low, to: high } : { ticks, from, to };
}

/** A value's place between 0 and 1 on a scale. */
export function placeOn(scale: Scale, value: number): number {
  return scale.to === scale.from ? 0 : (value - scale.from) / (scale.to - scale.from);
}

/** Numbers as one reads them: no more than four figures. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (Number.isInteger(value)) return value.toLocaleString("en");
  return Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 1 ? value.toFixed(2) : value.toPrecision(2);
}

/** A tick of an axis: with as many decimals as the step between all its ticks needs, so that they stand in one column. */
export function tickWords(tick: number, ticks: readonly number[]): string {
  const [first = 0, second = 1] = ticks;
  const decimals = Math.max(0, -Math.floor(Math.log10(second - first) + 1e-9));
  const figures = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return tick.toLocaleString("en", { ...figures, signDisplay: "negative" }).replace("-", "−");
}

const BARS_SHARE = 0.76;

/** The bars of all series, each label having `slot` pixels. */
export function barsOf(series: readonly BarSeries[], slot: number): Bar[] {
  const width = (slot * BARS_SHARE) / Math.max(1, series.length);
  const first = (slot * (1 - BARS_SHARE)) / 2;
  return series.flatMap(({ values, low, high }, index) =>
    values.flatMap((value, place) =>
      value === null
        ? []
        : [
            {
              series: index,
              place,
              value,
              low: low?.[place] ?? null,
              high: high?.[place] ?? null,
              x: place * slot + first + index * width,
              width: Math.max(1, width - 1),
            },
          ],
    ),
  );
}

function stepped(low: number, high: number, step: number): Scale {
  const from = Math.floor(low / step + 1e-9) * step;
  const to = Math.ceil(high / step - 1e-9) * step;
  const count = Math.round((to - from) / step);
  return { ticks: Array.from({ length: count + 1 }, (_, index) => round(from + index * step)), from, to };
}

function stepsNear(rough: number, isWhole: boolean): number[] {
  const power = 10 ** Math.floor(Math.log10(rough));
  const steps = [0.5, 1, 2, 5, 10].map((factor) => factor * power);
  return isWhole ? steps.map((step) => Math.max(1, step)) : steps;
}

function round(value: number): number {
  return Number(value.toPrecision(12));
}
