/** An error that knows which status the client should see. */
export class HttpError extends Error {
  constructor(status, code, message, details = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }

  toJSON() {
    return { error: this.code, message: this.message, ...this.details };
  }
}

export class NotFoundError extends HttpError {
  constructor(what) {
    super(404, 'not_found', `${what} not found`);
  }
}

export class MethodNotAllowedError extends HttpError {
  constructor(method, allowed) {
    super(405, 'method_not_allowed', `${method} is not allowed here`, { allowed });
  }
}

export class ValidationError extends HttpError {
  constructor(fields) {
    super(422, 'invalid', 'validation failed', { fields });
  }

  /** Throws unless every rule in `rules` accepts its field of `input`. */
  static check(input, rules) {
    const fields = Object.entries(rules)
      .filter(([field, accepts]) => !accepts(input[field]))
      .map(([field]) => field);
    if (fields.length > 0) {
      throw new ValidationError(fields);
    }
    return input;
  }
}
