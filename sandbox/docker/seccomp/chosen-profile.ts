import type { DockerSettings } from '../settings.ts';
import { ownProfileText } from './profile.ts';

/** The setting by which the engine filters system calls as it does for every container. */
export const engineProfile = 'engine';

/** JSON text of the profile that containers get; null: the engine's own. */
export function chosenProfile({ seccompProfile }: Pick<DockerSettings, 'seccompProfile'>): string | null {
  if (seccompProfile === engineProfile) return null;
  return seccompProfile ?? ownProfileText;
}
