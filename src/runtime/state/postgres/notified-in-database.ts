/** What the operator's webhook has taken note of, for whichever replica tells it next: one document, written behind the events. */
import { coalesce } from '../files/coalesce.ts';
import {
  decodeNotified,
  encodeNotified,
  type NotifiedStore,
  nothingNotified,
  rememberNotified,
} from '../notified.ts';
import { describeFailure } from './connect.ts';
import type { DatabaseLink } from './database-link.ts';

export interface NotifiedInDatabase extends NotifiedStore {
  /** Reads what the replica before has written. Rejects where the database is away. */
  load(): Promise<void>;
}

export function notifiedInDatabase(link: Pick<DatabaseLink, 'run'>): NotifiedInDatabase {
  let content = nothingNotified();
  let problem: string | null = null;
  let writing: Promise<void> = Promise.resolve();
  const persist = coalesce(async (): Promise<void> => {
    try {
      await link.run((client) =>
        client.query(
          `insert into sluice.documents (name, content) values ('notified', $1)
           on conflict (name) do update set content = excluded.content`,
          [encodeNotified(content)],
        ),
      );
      problem = null;
    } catch (error) {
      problem = `what was notified cannot be written: ${describeFailure(error)}; some notifications may be sent again`;
    }
  });
  return {
    ...rememberNotified(
      () => content,
      () => {
        writing = persist();
      },
    ),
    async load() {
      const { rows } = await link.run((client) =>
        client.query<{ content: string }>(`select content from sluice.documents where name = 'notified'`),
      );
      const read = rows[0] === undefined ? nothingNotified() : decodeNotified(rows[0].content);
      content = typeof read === 'string' ? nothingNotified() : read;
    },
    problems: () => (problem === null ? [] : [problem]),
    async settled() {
      await writing;
    },
  };
}
