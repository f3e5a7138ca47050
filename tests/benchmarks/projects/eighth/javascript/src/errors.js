/** Base class of everything that is told to the player. */
export class AdventureError extends Error {
  constructor(message) {
    super(message);
    this.name = this.constructor.name;
  }
}

/** The parser did not understand the input. */
export class ParseError extends AdventureError {
  constructor(word) {
    super(`I don't know how to "${word}".`);
    this.word = word;
  }
}

/** The input was understood, but the world does not allow it. */
export class ActionError extends AdventureError {}
