package picture

import (
	"bytes"
	"encoding/binary"
	"io"
)

func sideways(r io.ReadSeeker) bool { return orientation(r) >= 5 }

// orientation returns how the camera was held, 1 (upright) to 8, from the Exif
// part of a JPEG. Whatever is odd or missing is upright.
func orientation(r io.ReadSeeker) int {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return 1
	}
	head := make([]byte, 64<<10)
	n, _ := io.ReadFull(r, head) // a short file is an ordinary one
	b := head[:n]
	if len(b) < 4 || b[0] != 0xff || b[1] != 0xd8 {
		return 1
	}
	for b = b[2:]; len(b) >= 4 && b[0] == 0xff; {
		length := int(binary.BigEndian.Uint16(b[2:])) + 2
		if b[1] == 0xda || length > len(b) {
			return 1
		}
		if b[1] == 0xe1 && bytes.HasPrefix(b[4:length], []byte("Exif\x00\x00")) {
			return fromTIFF(b[10:length])
		}
		b = b[length:]
	}
	return 1
}

func fromTIFF(b []byte) int {
	if len(b) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if b[0] == 'M' {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return 1
	}
	list := b[at+2:]
	for range order.Uint16(b[at:]) {
		if len(list) < 12 {
			return 1
		}
		const tag = 0x0112
		if how := int(order.Uint16(list[8:])); order.Uint16(list) == tag && how >= 1 && how <= 8 {
			return how
		}
		list = list[12:]
	}
	return 1
}
