/** Workflow commands (`::name key=value::message`) and masking, line by line, as the runner does both. */

export interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

export class LineReader {
  readonly commands: Command[] = [];
  readonly #masks: Set<string>;
  #stopToken: string | undefined;

  /** @param masks shared by all steps of a job; the step adds to it */
  constructor(masks: Set<string>) {
    this.#masks = masks;
  }

  /** Obeys a line and returns it as the log shows it: only masks that are known by now apply. */
  read(line: string): string {
    const command = parseCommand(line);
    if (command !== undefined) this.#obey(command);
    return this.#masked(line);
  }

  #obey(command: Command): void {
    if (this.#stopToken !== undefined) {
      if (command.name === this.#stopToken) this.#stopToken = undefined;
      return;
    }
    if (command.name === 'stop-commands') this.#stopToken = command.message;
    else if (command.name === 'add-mask') addMask(this.#masks, command.message);
    else this.commands.push(command);
  }

  #masked(line: string): string {
    const longestFirst = [...this.#masks].sort((one, other) => other.length - one.length);
    return longestFirst.reduce((text, mask) => text.replaceAll(mask, '***'), line);
  }
}

/** A value of several lines is masked whole and line by line; an empty one masks nothing. */
export function addMask(masks: Set<string>, value: string): void {
  // The log knows a value also in the form a command's message carries it.
  const forms = [value, escaped(value), ...value.split(/\r?\n/)];
  for (const form of forms) if (form.trim() !== '') masks.add(form);
}

export function parseCommand(line: string): Command | undefined {
  const match = /^\s*::([\w-]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/s.exec(line);
  if (match === null) return undefined;
  const pairs = (match[2] ?? '').split(',').flatMap((pair) => {
    const equals = pair.indexOf('=');
    return equals < 1 ? [] : [[pair.slice(0, equals).trim(), unescaped(pair.slice(equals + 1))] as const];
  });
  return { name: match[1] ?? '', properties: Object.fromEntries(pairs), message: unescaped(match[3] ?? '') };
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function unescaped(text: string): string {
  return text
    .replace(/%3A/gi, ':')
    .replace(/%2C/gi, ',')
    .replace(/%0D/gi, '\r')
    .replace(/%0A/gi, '\n')
    .replace(/%25/g, '%');
}
