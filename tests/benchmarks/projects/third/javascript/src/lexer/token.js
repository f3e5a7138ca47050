/** Token kinds; the values appear in error messages. @enum {string} */
export const Kind = Object.freeze({
  NUMBER: 'number', TEXT: 'text',
  NAME: 'name', REF: 'ref',
  OP: 'operator',
  END: 'end',
});

export class Token {
  static END_TEXT = '<end>';

  constructor(kind, text, start = 0) {
    this.kind = kind;
    this.text = text;
    this.start = start;
  }

  /** Where the token stops; `start` plus the length of its text. */
  get end() { return this.start + this.text.length; }
  is(kind, text = this.text) { return this.kind === kind && this.text === text; }
  static end(start) { return new Token(Kind.END, Token.END_TEXT, start); }
  toString() { return `${this.kind}(${this.text})`; }
}
