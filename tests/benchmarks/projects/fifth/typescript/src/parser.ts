import { Block, Document, Inline, Style, text } from './ast';

export class ParseError extends Error {
  constructor(message: string, readonly line: number) {
    super(`line ${line}: ${message}`);
  }
}

const HEADING = /^(#{1,6}) (.*)$/;
const ITEM = /^(-|\d+\.) (.*)$/;
const FENCE = '```';
const STYLES: readonly Style[] = [Style.Strong, Style.Emphasis, Style.Code];

export function parseInline(source: string): Inline[] {
  const nodes: Inline[] = [];
  let plain = '';
  let rest = source;
  const push = (node: Inline, length: number): void => {
    if (plain) nodes.push(text(plain));
    plain = '';
    nodes.push(node);
    rest = rest.slice(length);
  };
  while (rest) {
    const link = /^\[([^\]]*)\]\(([^)]*)\)/.exec(rest);
    const style = STYLES.find((mark) => rest.startsWith(mark));
    const end = style ? rest.indexOf(style, style.length) : -1;
    if (link) {
      const [whole, label, url] = link;
      push({ type: 'link', url, children: parseInline(label) }, whole.length);
    } else if (style && end > 0) {
      const inner = rest.slice(style.length, end);
      const children = style === Style.Code ? [text(inner)] : parseInline(inner);
      push({ type: 'span', style, children }, end + style.length);
    } else {
      plain += rest[0];
      rest = rest.slice(1);
    }
  }
  if (plain) nodes.push(text(plain));
  return nodes;
}

export class Parser {
  private readonly lines: string[];
  private position = 0;

  constructor(source: string) {
    this.lines = source.split('\n');
  }

  static parse(source: string): Document {
    return new Parser(source).run();
  }

  private get line(): string {
    return this.lines[this.position] ?? '';
  }

  private get done(): boolean {
    return this.position >= this.lines.length;
  }

  run(): Document {
    const blocks: Block[] = [];
    while (!this.done) {
      if (this.line.trim() === '') this.position++;
      else blocks.push(this.parseBlock());
    }
    return { blocks };
  }

  private takeWhile<T>(match: (line: string) => T | null): T[] {
    const taken: T[] = [];
    for (let value = match(this.line); !this.done && value !== null; value = match(this.line)) {
      taken.push(value);
      this.position++;
    }
    return taken;
  }

  private parseBlock(): Block {
    if (this.line.startsWith(FENCE)) return this.parseCode();
    const heading = HEADING.exec(this.line);
    if (heading) {
      this.position++;
      return { type: 'heading', level: heading[1].length, children: parseInline(heading[2]) };
    }
    const items = this.takeWhile((line) => ITEM.exec(line));
    if (items.length > 0) {
      return { type: 'list', ordered: items[0][1] !== '-', items: items.map((item) => parseInline(item[2])) };
    }
    const isText = (line: string) => line.trim() !== '' && !HEADING.test(line) && !line.startsWith(FENCE);
    const lines = this.takeWhile((line) => (isText(line) ? line.trim() : null));
    return { type: 'paragraph', children: parseInline(lines.join(' ')) };
  }

  private parseCode(): Block {
    const start = this.position++;
    const language = this.lines[start].slice(FENCE.length);
    const body = this.takeWhile((line) => (line === FENCE ? null : line));
    if (this.done) throw new ParseError('code block is never closed', start + 1);
    this.position++;
    return { type: 'code', language, value: body.join('\n') };
  }
}
