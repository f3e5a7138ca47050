import { ValidationError, formatPath } from "./result";
import { SignUpForm, signUpFields, signUpSchema } from "./signup";

const lines: string[] = [];
const print = (text: string): void => void lines.push(text);

const valid = {
  username: " ada_l ",
  email: "Ada@Example.org",
  password: "engine1843",
  repeat: "engine1843",
  age: "36",
  terms: "on",
};

function report(title: string, form: SignUpForm): void {
  print(`# ${title}`);
  const outcome = form.submit();
  if (outcome instanceof Map) {
    for (const [field, messages] of outcome) print(`  ${field}: ${messages.join("; ")}`);
    return;
  }
  const { username, email, age, plan, invites, address, terms } = outcome;
  print(`  welcome ${username} <${email}>, ${age}, plan ${plan}, terms ${terms}`);
  print(`  invites: ${invites.length}, city: ${address?.city ?? "unknown"}`);
}

print(`fields: ${signUpFields.fields.join(", ")}`);
report("valid", new SignUpForm().fill(valid));
const team = { plan: "team", invites: ["bob@example.org", "eve@example.org"], address: { city: " Turin ", zip: "10121" } };
report("team plan", new SignUpForm().fill(valid).fill(team));
report("empty", new SignUpForm());
report(
  "careless",
  new SignUpForm().fill({
    username: "a b c d e f g h",
    email: "nobody",
    password: "short",
    repeat: 7,
    age: "12.5",
    plan: "gold",
    invites: ["x@y.org", "oops", "z@y.org", 4],
    address: { city: "Q", zip: "12" },
    terms: "off",
  }),
);
report("mismatch", new SignUpForm().fill({ ...valid, repeat: "engine1844" }));
report("free invites", new SignUpForm().fill({ ...valid, invites: ["bob@example.org"] }));

print("# errors");
for (const input of [null, "text", { ...valid, repeat: "" }]) {
  try {
    signUpSchema.parse(input);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    const [{ code, path }] = error.issues;
    print(`  ${error.name}: ${error.message} (${code}, ${formatPath(path) || "root"})`);
  }
}

export const output = lines.join("\n");
