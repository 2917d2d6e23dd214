/**
 * Several targets as one. In: triggers, each with the name of the target that its connector wants. Out: what that target said;
 * where the deployment has none of the name, that a person has to add it: nothing is lost, and nothing goes elsewhere.
 */
import { DEFAULT_TARGET } from '../../bundle/plan.ts';
import type { Delivery } from '../../outcomes/delivery.ts';
import type { Target } from './target.ts';

export interface TargetsByName {
  /** What the default one is called in metrics and status. */
  readonly name: string;
  /** Where triggers go whose connector names no target; null: nowhere. */
  readonly default: Target | null;
  readonly named: ReadonlyMap<string, Target>;
  /** Takes every trigger whose target is not there, as the machine of a developer has the default one alone. */
  readonly others?: Target;
}

export class TargetRouter implements Target {
  readonly name: string;
  readonly #targets: TargetsByName;

  constructor(targets: TargetsByName) {
    this.#targets = targets;
    this.name = targets.name;
  }

  /** Whether triggers for that name have somewhere to go. */
  has(name: string): boolean {
    return this.#find(name) !== undefined;
  }

  send(...[trigger, signal]: Parameters<Target['send']>): Promise<Delivery> {
    const name = trigger.target ?? DEFAULT_TARGET;
    const target = this.#find(name);
    if (target !== undefined) return target.send(trigger, signal);
    return Promise.resolve({
      ok: false,
      retry: true,
      isDeploymentFault: true,
      reason: `this deployment has no target "${name}": add it to the targets file, and start again`,
    });
  }

  async close(): Promise<void> {
    const { named, others, default: usual } = this.#targets;
    const all = new Set([usual, others, ...named.values()]);
    await Promise.all([...all].map((target) => target?.close()));
  }

  #find(name: string): Target | undefined {
    const { named, others, default: usual } = this.#targets;
    const found = name === DEFAULT_TARGET ? (usual ?? undefined) : named.get(name);
    return found ?? others;
  }
}
