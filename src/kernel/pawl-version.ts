import packageJson from '../../package.json' with { type: 'json' };

/** The version of the product that is running, as records of what it did name it. */
export const pawlVersion: string = packageJson.version;
