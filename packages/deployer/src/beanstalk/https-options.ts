import type { Asked, EnvironmentOption } from './options.ts'

const LISTENER = 'aws:elbv2:listener:443'

const ifCertified =
  (value: (certificate: string) => string) =>
  ({ target }: Asked) =>
    target.certificate && value(target.certificate)

/**
 * HTTPS on the load balancer, for a project file that names a certificate. The listener of port 80 is left as it is: the domain of the
 * certificate isn't known here, and the proof of a deploy asks the environment's own address, which no certificate is made out for.
 */
export const HTTPS_OPTIONS: readonly EnvironmentOption[] = [
  {
    ...{ namespace: LISTENER, name: 'ListenerEnabled', source: '§5' },
    reason: 'the project file names a certificate, and without it there is no listener on port 443',
    followsProject: true,
    value: ifCertified(() => 'true'),
  },
  {
    ...{ namespace: LISTENER, name: 'Protocol', source: '§5' },
    reason: 'the default of every listener is HTTP, on port 443 too',
    followsProject: true,
    value: ifCertified(() => 'HTTPS'),
  },
  {
    ...{ namespace: LISTENER, name: 'SSLCertificateArns', source: '§3.2; §5' },
    reason: 'a listener for HTTPS is refused without one',
    followsProject: true,
    value: ifCertified((certificate) => certificate),
  },
  {
    ...{ namespace: LISTENER, name: 'SSLPolicy', source: '§5' },
    reason: 'TLS 1.2 and 1.3 only: the default of a listener that the API makes goes on speaking TLS 1.0',
    followsProject: true,
    value: ifCertified(() => 'ELBSecurityPolicy-TLS13-1-2-2021-06'),
  },
]
