import type { Output } from '../../src/cli/output.ts';

/** An output that keeps what it is told. */
export interface RecordingOutput extends Output {
  readonly notes: string[];
}

export function recordingOutput(interactive: boolean): RecordingOutput {
  const notes: string[] = [];
  const ignore = (): void => undefined;
  return { json: false, interactive, text: ignore, record: ignore, note: (text) => notes.push(text), notes };
}
