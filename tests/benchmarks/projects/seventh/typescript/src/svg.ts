import { Matrix } from "./matrix";
import { Group, SceneNode, Visitor } from "./node";
import { formatNumber, formatPoint } from "./point";
import { Circle, Polygon, Rect } from "./shapes";

type Attributes = Record<string, string | number>;

function escapeXml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");
}

/** Writes a tree as an SVG document, one element a line. */
export class SvgWriter implements Visitor<void> {
  private readonly lines: string[] = [];
  private depth = 0;

  constructor(private readonly margin = 0) {}

  write(root: SceneNode): string {
    const { min, max } = root.bounds().expand(this.margin);
    const numbers = [min.x, min.y, max.x - min.x, max.y - min.y];
    const viewBox = numbers.map((value) => formatNumber(value)).join(" ");
    this.element("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox }, () => root.accept(this));
    return this.lines.join("\n");
  }

  visitGroup(group: Group): void {
    const content = () => [...group].forEach((child) => child.accept(this));
    this.element("g", this.common(group), content);
  }

  visitCircle(circle: Circle): void {
    this.element("circle", { ...this.common(circle), r: circle.radius, ...circle.style });
  }

  visitRect(rect: Rect): void {
    const { width, height, style } = rect;
    this.element("rect", { ...this.common(rect), width, height, ...style });
  }

  visitPolygon(polygon: Polygon): void {
    const points = polygon.points.map(formatPoint).join(" ");
    this.element("polygon", { ...this.common(polygon), points, ...polygon.style });
  }

  private common({ name, transform }: SceneNode): Attributes {
    if (transform === Matrix.identity) {
      return { id: name };
    }
    const values = transform.values.map((value) => formatNumber(value, 3));
    return { id: name, transform: `matrix(${values.join(" ")})` };
  }

  private element(tag: string, attributes: Attributes, content?: () => void): void {
    const shown = Object.entries(attributes).map(
      ([key, value]) => ` ${key}="${escapeXml(String(value))}"`,
    );
    const indent = "  ".repeat(this.depth);
    this.lines.push(`${indent}<${tag}${shown.join("")}${content ? "" : "/"}>`);
    if (content) {
      this.depth++;
      content();
      this.depth--;
      this.lines.push(`${indent}</${tag}>`);
    }
  }
}
