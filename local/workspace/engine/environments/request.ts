/** What a job or a deployment asks of its Python environment. */
export interface EnvironmentRequest {
  /** Conda specification, as YAML text. */
  readonly condaFile?: string;
  /** Container image of the environment version. */
  readonly image?: string;
  /** Name of a curated environment, or of the environment version, for messages. */
  readonly name?: string;
  /** Requirements in pip's own syntax, added to those of the conda file. */
  readonly extraPipRequirements?: readonly string[];
}

export interface PrepareOptions {
  /** Folder of the cached virtual environments, shared by all workspaces of this user. */
  readonly cacheFolder: string;
  /** Called with every line that making the environment prints, as it is printed. */
  readonly onLog: (line: string) => void;
  readonly signal?: AbortSignal;
  /** The process environment pip and the interpreters run in; default: this process's. */
  readonly processEnvironment?: NodeJS.ProcessEnv;
}

/** A Python that satisfies the request. */
export interface PreparedEnvironment {
  /** Absolute path of the interpreter. */
  readonly python: string;
  /** Folder to put first on PATH: holds `python` and the scripts of the installed packages. */
  readonly binFolder: string;
  /** What could not be had exactly as asked, one plain sentence each. */
  readonly warnings: readonly string[];
  /** The same, and how the environment was made, as properties of the job. */
  readonly properties: Readonly<Record<string, string>>;
}
