/** Where editors find the schemas: beside the connectors in Sluice's own repository, elsewhere in the installed package. */
import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** From the folder that holds the connector's, with slashes: what a comment in `<home>/connector.yaml` puts `../` before. */
export function schemaPath(cwd: string, home: string): string {
  const own = join(cwd, 'schemas');
  const folder = existsSync(join(own, 'connector.schema.json'))
    ? own
    : join(cwd, 'node_modules/sluice/schemas');
  return relative(join(home, '..'), folder).split(sep).join('/');
}
