export interface Point {
  readonly x: number;
  readonly y: number;
}

export const origin: Point = { x: 0, y: 0 };

export const point = (x: number, y: number): Point => ({ x, y });

/** Formats a number with at most `digits` decimals and without trailing zeros. */
export function formatNumber(value: number, digits = 2): string {
  return String(Number(value.toFixed(digits)) || 0);
}

export function formatPoint({ x, y }: Point): string {
  return `${formatNumber(x)},${formatNumber(y)}`;
}
