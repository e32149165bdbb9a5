// Just enough of RFC 6455 to speak text frames to a browser in development.

import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

export interface Socket {
  send(frame: object): void;
  close(code: number): void;
}

export function upgrade(req: IncomingMessage, stream: Duplex, onText: (text: string) => void, onEnd: () => void): Socket {
  const key = createHash("sha1").update(`${req.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  stream.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`);
  let held = Buffer.alloc(0);
  stream.on("data", (chunk: Buffer) => {
    held = Buffer.concat([held, chunk]);
    for (;;) {
      const frame = take(held);
      if (!frame) return;
      held = held.subarray(frame.length);
      if (frame.opcode === 8) return void stream.end();
      if (frame.opcode === 1) onText(frame.payload.toString());
    }
  });
  stream.on("close", onEnd);
  stream.on("error", onEnd);
  return {
    send: (frame) => stream.write(encode(1, Buffer.from(JSON.stringify(frame)))),
    close(code) {
      const body = Buffer.alloc(2);
      body.writeUInt16BE(code);
      stream.end(encode(8, body));
    },
  };
}

function take(buffer: Buffer): { opcode: number; payload: Buffer; length: number } | undefined {
  if (buffer.length < 6) return undefined;
  let size = buffer[1]! & 0x7f;
  let at = 2;
  if (size === 126) {
    size = buffer.readUInt16BE(2);
    at = 4;
  } else if (size === 127) {
    size = Number(buffer.readBigUInt64BE(2));
    at = 10;
  }
  if (buffer.length < at + 4 + size) return undefined;
  const mask = buffer.subarray(at, at + 4);
  const payload = Buffer.from(buffer.subarray(at + 4, at + 4 + size)).map((byte, i) => byte ^ mask[i % 4]!);
  return { opcode: buffer[0]! & 0x0f, payload: Buffer.from(payload), length: at + 4 + size };
}

function encode(opcode: number, payload: Buffer): Buffer {
  const head = payload.length < 126 ? Buffer.from([0x80 | opcode, payload.length]) : payload.length < 65536 ? Buffer.alloc(4) : Buffer.alloc(10);
  if (head.length === 4) {
    head.set([0x80 | opcode, 126]);
    head.writeUInt16BE(payload.length, 2);
  } else if (head.length === 10) {
    head.set([0x80 | opcode, 127]);
    head.writeBigUInt64BE(BigInt(payload.length), 2);
  }
  return Buffer.concat([head, payload]);
}
