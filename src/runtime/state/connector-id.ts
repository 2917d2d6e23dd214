/** Connector ids name files and folders here: one that comes from outside is checked before it becomes part of a path. */
const CONNECTOR_ID = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export function isConnectorId(text: string): boolean {
  return CONNECTOR_ID.test(text);
}
