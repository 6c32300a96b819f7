import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import ts from 'typescript';
import { createServer, type ViteDevServer } from 'vite';

const project = resolve(import.meta.dirname, '../..');

/** A copy of the sources, to follow a recipe of CONTRIBUTING.md on. It counts the files that the recipe touches. */
export class Scratch {
  readonly folder = mkdtempSync(join(tmpdir(), 'kith-recipe-'));
  /** What was written or edited, relative to the project's folder. */
  readonly touched = new Set<string>();
  #server: ViteDevServer | null = null;

  constructor() {
    for (const name of ['electron', 'models', 'renderer', 'build', 'package.json', 'tsconfig.json'])
      cpSync(join(project, name), join(this.folder, name), { recursive: true });
    symlinkSync(join(project, 'node_modules'), join(this.folder, 'node_modules'), 'junction');
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  /** A new file. */
  write(file: string, text: string): void {
    this.touched.add(file);
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), text, { flag: 'wx' });
  }

  append(file: string, text: string): void {
    this.touched.add(file);
    appendFileSync(join(this.folder, file), text);
  }

  /** Puts something behind the first place where `after` stands in a file. @throws Error where it stands nowhere */
  insert(file: string, after: string, text: string): void {
    this.replace(file, after, `${after}${text}`);
  }

  /** @throws Error where `former` stands nowhere */
  replace(file: string, former: string, text: string): void {
    const whole = this.read(file);
    if (!whole.includes(former)) throw new Error(`Expected "${former}" in ${file}`);
    this.touched.add(file);
    writeFileSync(
      join(this.folder, file),
      whole.replace(former, () => text),
    );
  }

  /** What the type checker finds wrong with some files of the copy, by what they import: `file: message`. */
  typeErrors(...files: string[]): string[] {
    const { config } = ts.readConfigFile(join(this.folder, 'tsconfig.json'), ts.sys.readFile);
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, this.folder);
    const names = files.map((file) => join(this.folder, file));
    const program = ts.createProgram(names, { ...options, types: [] }, hostOf({ ...options, types: [] }));
    return names.flatMap((name) => {
      const source = program.getSourceFile(name);
      const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
      return found.map(
        ({ messageText }) =>
          `${name.slice(this.folder.length + 1)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
      );
    });
  }

  /** A module of the copy, or of a package, as the page's bundler makes it; components are made for `svelte/server`. */
  async load<T>(file: string): Promise<T> {
    this.#server ??= await createServer({
      root: this.folder,
      configFile: false,
      plugins: [svelte({ configFile: false })],
      server: { middlewareMode: true, watch: null, hmr: false, ws: false },
      appType: 'custom',
      logLevel: 'error',
      // Nothing is written among the packages.
      cacheDir: join(this.folder, '.vite'),
      // Packages that were looked for beside would still be written while the folder is deleted.
      optimizeDeps: { noDiscovery: true, include: [] },
      ssr: { optimizeDeps: { noDiscovery: true, include: [] } },
    });
    return (await this.#server.ssrLoadModule(/\.\w+$/.test(file) ? `/${file}` : file)) as T;
  }

  async remove(): Promise<void> {
    await this.#server?.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** Packages and the language's own types, which are the same for every copy. */
const parsed = new Map<string, ts.SourceFile | undefined>();

function hostOf(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  return {
    ...host,
    getSourceFile(name, ...how) {
      if (!name.startsWith(project)) return host.getSourceFile(name, ...how);
      if (!parsed.has(name)) parsed.set(name, host.getSourceFile(name, ...how));
      return parsed.get(name);
    },
  };
}
