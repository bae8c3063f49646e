import type { Hono } from 'hono';
import { rm } from 'node:fs/promises';
import type { ServedWorkspaces, WorkspaceContext, WorkspaceEnv, WorkspaceService } from '../context.ts';
import { createApp } from '../server/app.ts';
import { addedContext, rootFolderOf } from './addedContext.ts';
import { startServices } from './life.ts';
import { addedIn, emptyStoreOf } from './records.ts';
import type { AddedWorkspace } from './added.ts';

/** An added workspace that is open. */
interface Open {
  readonly context: WorkspaceContext;
  readonly app: Hono<WorkspaceEnv>;
  /** Ends what it does beside answering; set once that was started. */
  stop?: () => Promise<void>;
}

/** The workspaces of this process, each with an app of its own that is made once. */
export class Workspaces implements ServedWorkspaces {
  readonly #services: readonly WorkspaceService[];
  readonly #used: () => void;
  readonly #open = new Map<string, Open>();
  /** Openings by id, so that two requests open one workspace. */
  readonly #opening = new Map<string, Promise<Open>>();
  #first: WorkspaceContext | undefined;

  /** `services` are those that every workspace has; `used` is called with every request. */
  constructor(services: readonly WorkspaceService[], used: () => void) {
    this.#services = services.filter(({ once }) => !once);
    this.#used = used;
  }

  get first(): WorkspaceContext {
    if (this.#first === undefined) throw new Error('The workspaces are asked for before the first is there.');
    return this.#first;
  }

  /** Before anything listens: brings the kept state of every workspace in order. */
  async prepare(first: WorkspaceContext): Promise<void> {
    this.#first = first;
    for (const [, added] of [...addedIn(first.store).list()]) await this.#prepared(added);
  }

  /** After the server listens. */
  async start(): Promise<void> {
    for (const open of [...this.#open.values()]) await this.#started(open);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#open.values()].map(async (open) => open.stop?.()));
  }

  isBusy(): boolean {
    return this.all().some((context) => this.#services.some((service) => service.isBusy?.(context) ?? false));
  }

  /** How many there are beside the first. */
  get added(): number {
    return this.#open.size;
  }

  appOf(name: string): Hono<WorkspaceEnv> | undefined {
    return this.#open.get(name.toLowerCase())?.app;
  }

  appWithId(workspaceId: string): Hono<WorkspaceEnv> | undefined {
    return this.#openWithId(workspaceId)?.app;
  }

  all(): readonly WorkspaceContext[] {
    const names = [...this.#open.keys()].sort();
    return [this.first, ...names.flatMap((name) => this.#open.get(name)?.context ?? [])];
  }

  named(name: string): WorkspaceContext | undefined {
    const isFirst = name.toLowerCase() === this.first.identity.workspaceName.toLowerCase();
    return isFirst ? this.first : this.#open.get(name.toLowerCase())?.context;
  }

  withId(workspaceId: string): WorkspaceContext | undefined {
    const isFirst = workspaceId.toLowerCase() === this.first.identity.workspaceId.toLowerCase();
    return isFirst ? this.first : this.#openWithId(workspaceId)?.context;
  }

  async open(added: AddedWorkspace): Promise<WorkspaceContext> {
    const open = await this.#prepared(added);
    await this.#started(open);
    return open.context;
  }

  forget(workspaceId: string): void {
    const open = this.#openWithId(workspaceId);
    if (open) this.#open.delete(keyOf(open.context.identity.workspaceName));
  }

  async remove(added: AddedWorkspace): Promise<void> {
    const { context, stop } = await this.#made(added);
    this.forget(added.workspaceId);
    // What an earlier life left running is ended by what prepares and starts it.
    await (stop ?? (await startServices(context, this.#services)))();
    this.#opening.delete(added.workspaceId);
    await context.storageReady;
    for (const container of [context.storage.blobContainer, context.storage.artifactContainer])
      await context.storage.deleteContainer(container);
    await emptyStoreOf(this.first.store, added.workspaceId);
    await rm(rootFolderOf(this.first, added), { recursive: true, force: true });
  }

  #openWithId(workspaceId: string): Open | undefined {
    const wanted = workspaceId.toLowerCase();
    return [...this.#open.values()].find(
      ({ context }) => context.identity.workspaceId.toLowerCase() === wanted,
    );
  }

  async #prepared(added: AddedWorkspace): Promise<Open> {
    const open = await this.#made(added);
    this.#open.set(keyOf(added.name), open);
    return open;
  }

  #made(added: AddedWorkspace): Promise<Open> {
    const known = this.#opening.get(added.workspaceId) ?? this.#make(added);
    this.#opening.set(added.workspaceId, known);
    return known;
  }

  async #make(added: AddedWorkspace): Promise<Open> {
    const isOpen = () => this.#opening.has(added.workspaceId);
    const context = await addedContext(this.first, added, isOpen);
    for (const service of this.#services) await service.prepare?.(context);
    return { context, app: createApp(context, this.#services, this.#used) };
  }

  async #started(open: Open): Promise<void> {
    if (open.stop) return;
    // At once, so that nobody starts it again.
    const starting = startServices(open.context, this.#services);
    open.stop = async () => (await starting)();
    await starting;
    open.context.operations.carryOn();
  }
}

function keyOf(name: string): string {
  return name.toLowerCase();
}
