import { spawn } from 'node:child_process';

/** Exit status of an isolated interpreter that runs one script; null when there is none on this host. */
export function barePython(script: string): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn('python3', ['-I', '-'], { stdio: ['pipe', 'ignore', 'ignore'] });
    child.on('error', () => resolve(null));
    child.on('close', (code) => resolve(code));
    child.stdin.on('error', () => {}); // it may end before it has read everything
    child.stdin.end(script);
  });
}
