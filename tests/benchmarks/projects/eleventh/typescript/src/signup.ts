import * as f from "./builders";
import { ValidationError } from "./result";
import { Infer } from "./schemas/schema";

const address = f.object({
  city: f.string().trim().min(2),
  zip: f.string().matches(/^\d{5}$/, "must be a five-digit code"),
});

const account = f.object({
  username: f.string().trim().min(3).max(12).matches(/^\w+$/, "may hold only letters, digits and _"),
  email: f.string().trim().email().transform((text) => text.toLowerCase()),
  password: f.string().min(8).matches(/\d/, "must contain a digit"),
  repeat: f.string(),
});

export const signUpFields = account.extend({
  age: f.number().integer().between(16, 120),
  plan: f.choice("free", "team", "business").default("free"),
  invites: f.array(f.string().email()).default([]),
  address: address.optional(),
  terms: f.boolean().isTrue("must be accepted"),
});

export const signUpSchema = signUpFields
  .refine((form) => form.password === form.repeat, "does not match the password", "repeat")
  .refine((form) => form.plan !== "free" || form.invites.length === 0, "invites need a paid plan");

export type SignUp = Infer<typeof signUpSchema>;

/** Holds the raw values of the form while the user fills it in. */
export class SignUpForm {
  private values: Record<string, unknown> = {};

  fill(values: Record<string, unknown>): this {
    this.values = { ...this.values, ...values };
    return this;
  }

  submit(): SignUp | Map<string, string[]> {
    try {
      return signUpSchema.parse(this.values);
    } catch (error) {
      if (error instanceof ValidationError) return error.flatten();
      throw error;
    }
  }
}
