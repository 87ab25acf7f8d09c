import type { Language } from '../../src/events/task-view.ts';
import type { DockerSettings } from './settings.ts';

/** The names that `pawl sandbox build` gives to what it builds, and that are used where the settings name no image. */
export const defaultImages: Readonly<Record<Language, string>> = {
  command: 'pawl-command:latest',
  javascript: 'pawl-javascript:latest',
  python: 'pawl-python:latest',
};

/** The image for a language: what the settings name, else the one that is built from `sandbox/images`. */
export function imageReference({ images }: Pick<DockerSettings, 'images'>, language: Language): string {
  return images[language] ?? defaultImages[language];
}
