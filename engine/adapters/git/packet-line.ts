// Packet lines, the framing of Git's protocols: https://git-scm.com/docs/protocol-common#_pkt_line_format
import { Fault } from '../../base/fault.ts'

/** The packet that ends a section. */
export const flush = Buffer.from('0000')

/** One line of the protocol behind its length in hex. Source: gitprotocol-common(5). */
export function packetLine(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, '0')), bytes])
}

/** Packets up to the end of the bytes; flush and delimiter packets are left out. */
export function readPackets(bytes: Buffer): Buffer[] {
  const packets: Buffer[] = []
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = Number.parseInt(bytes.toString('latin1', at, at + 4), 16)
    if (Number.isNaN(length) || at + length > bytes.length)
      throw new Fault('git/remote', 'the remote sent a broken answer')
    if (length >= 4) packets.push(bytes.subarray(at + 4, at + length))
    at += Math.max(4, length)
  }
  return packets
}

/** Band 1 is data, band 3 an error, 2 progress; lines before the first band (ACK, NAK) are left out. */
export function sideBand(packets: readonly Buffer[]): Buffer {
  const data: Buffer[] = []
  for (const packet of packets) {
    if (packet[0] === 1) data.push(packet.subarray(1))
    if (packet[0] === 3) throw new Fault('git/remote', `the remote gave up: ${packet.toString('utf8', 1).trim()}`)
    if (packet.toString('latin1', 0, 4) === 'ERR ')
      throw new Fault('git/remote', `the remote said: ${packet.toString('utf8', 4).trim()}`)
  }
  return Buffer.concat(data)
}
