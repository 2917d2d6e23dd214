/** The field that was last in focus: where a property that is clicked goes. */
import { signal } from '@preact/signals';

export interface PathTaker {
  /** As people see it. */
  readonly label: string;
  take(path: string): void;
}

export const pathTaker = signal<PathTaker | null>(null);
