import { Point } from "./point";

type Coefficients = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** An affine transform, stored like the arguments of SVG's `matrix(a b c d e f)`. */
export class Matrix {
  static readonly identity = new Matrix([1, 0, 0, 1, 0, 0]);

  private constructor(readonly values: Coefficients) {}

  static translation(x: number, y: number): Matrix {
    return new Matrix([1, 0, 0, 1, x, y]);
  }

  static scaling(sx: number, sy = sx): Matrix {
    return new Matrix([sx, 0, 0, sy, 0, 0]);
  }

  static rotation(degrees: number): Matrix {
    const radians = (degrees * Math.PI) / 180;
    const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
    return new Matrix([cos, sin, -sin, cos, 0, 0]);
  }

  /** The transform that applies `inner` first and then this one. */
  multiply(inner: Matrix): Matrix {
    const [a, b, c, d] = this.values;
    const [ia, ib, ic, id, e, f] = inner.values;
    const { x, y } = this.apply({ x: e, y: f });
    return new Matrix([a * ia + c * ib, b * ia + d * ib, a * ic + c * id, b * ic + d * id, x, y]);
  }

  /** The opposite transform; the determinant must not be zero. */
  inverse(): Matrix {
    const [a, b, c, d, e, f] = this.values;
    const det = a * d - b * c;
    const [x, y] = [(c * f - d * e) / det, (b * e - a * f) / det];
    return new Matrix([d / det, -b / det, -c / det, a / det, x, y]);
  }

  apply({ x, y }: Point): Point {
    const [a, b, c, d, e, f] = this.values;
    return { x: a * x + c * y + e, y: b * x + d * y + f };
  }
}
