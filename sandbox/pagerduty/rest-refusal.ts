/** A refusal of the REST API, with its own error code: developer.pagerduty.com/docs/errors. */
export class RestRefusal extends Error {
  readonly status: number;
  readonly code: number;
  readonly errors: readonly string[];

  constructor(status: number, code: number, message: string, errors: readonly string[] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }

  body(): unknown {
    return {
      error: { message: this.message, code: this.code, ...(this.errors.length > 0 ? { errors: this.errors } : {}) },
    };
  }
}

export const notFound = (): RestRefusal => new RestRefusal(404, 2100, 'Not Found');
export const invalidInput = (...errors: string[]): RestRefusal =>
  new RestRefusal(400, 2001, 'Invalid Input Provided', errors);
