import type { Message } from '../../src/domain/message.ts';
import type { CommandEnd, Commands } from '../../src/ports/commands.ts';
import type { Notifier } from '../../src/ports/notifier.ts';
import { fault } from './engine.ts';

export class FakeNotifier implements Notifier {
  readonly messages: string[] = [];
  down = false;

  async send(message: Message): Promise<void> {
    if (this.down) throw fault('notification-failed', 'Slack answered 500');
    this.messages.push(message.text);
  }
}

/** Knows the scripts it was told of; anything else is a mistake of the test. */
export class FakeCommands implements Commands {
  readonly ran: { readonly script: string; readonly environment: Readonly<Record<string, string>> }[] = [];
  readonly ends = new Map<string, CommandEnd>();
  /** Called when a script runs, before it ends. */
  onRun: ((script: string) => void) | undefined;

  async run(script: string, environment: Readonly<Record<string, string>>): Promise<CommandEnd> {
    const end = this.ends.get(script);
    if (end === undefined) throw new Error(`the test knows no script ${script}`);
    this.ran.push({ script, environment });
    this.onRun?.(script);
    return end;
  }
}
