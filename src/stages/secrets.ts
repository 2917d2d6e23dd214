/** References to secrets, and how a stage asks for the text behind one. The text itself never enters a plan or a bundle. */

export type SecretReference = { readonly env: string } | { readonly file: string };

/** The secret's text, or undefined when it is missing or empty. */
export type SecretLookup = (reference: SecretReference) => string | undefined;

/** The name by which logs, status and holds call a secret: env:NAME or file:NAME. Never its value. */
export function secretName(reference: SecretReference): string {
  return 'env' in reference ? `env:${reference.env}` : `file:${reference.file}`;
}

/** Every secret that a signature scheme looks up: those that prove events, their user, and the token of challenges. */
export function secretsOf(plan: {
  readonly secrets: readonly SecretReference[];
  readonly username?: SecretReference;
  readonly verifyToken?: SecretReference;
}): readonly SecretReference[] {
  const { secrets, username, verifyToken } = plan;
  const others = [username, verifyToken].filter((one) => one !== undefined);
  return others.length === 0 ? secrets : [...secrets, ...others];
}
