package audio

// The tables of ITU-T G.711, built from its reference code (G.191). Encoding
// looks at the highest 12 bits in A-law and at the highest 14 in µ-law, so the
// tables are that small.
var (
	fromA, fromU = decoding(decodeA), decoding(decodeU)
	toA, toU     = encoding(encodeA, 4), encoding(encodeU, 2)
	aToU, uToA   = crossing(ALaw, ULaw), crossing(ULaw, ALaw)
)

func decoding(decode func(byte) int16) (table [256]int16) {
	for i := range table {
		table[i] = decode(byte(i))
	}
	return table
}

func encoding(encode func(int16) byte, drop int) []byte {
	table := make([]byte, 1<<(16-drop))
	for i := range table {
		table[i] = encode(int16(i << drop))
	}
	return table
}

func crossing(from, to Law) (table [256]byte) {
	for i := range table {
		table[i] = to.Encode(from.Decode(byte(i)))
	}
	return table
}

func encodeA(s int16) byte {
	v := int(s)
	sign := byte(0x80)
	if v < 0 {
		v, sign = ^v, 0
	}
	v >>= 4
	if v > 15 {
		exp := 1
		for ; v > 16+15; v >>= 1 {
			exp++
		}
		v += exp<<4 - 16
	}
	return (byte(v) | sign) ^ 0x55
}

func decodeA(b byte) int16 {
	b ^= 0x55
	v := int(b&0x0f)<<4 + 8
	if exp := int(b&0x70) >> 4; exp > 0 {
		v = (v + 0x100) << (exp - 1)
	}
	if b&0x80 == 0 {
		v = -v
	}
	return int16(v)
}

func encodeU(s int16) byte {
	v := int(s)
	sign := byte(0x80)
	if v < 0 {
		v, sign = ^v, 0
	}
	v = min(v>>2+33, 0x1fff)
	seg := 1
	for i := v >> 6; i > 0; i >>= 1 {
		seg++
	}
	return byte(8-seg)<<4 | byte(0x0f-(v>>seg)&0x0f) | sign
}

func decodeU(b byte) int16 {
	b = ^b
	v := (int(b&0x0f)<<3+0x84)<<(b&0x70>>4) - 0x84
	if b&0x80 != 0 {
		v = -v
	}
	return int16(v)
}

// Encode returns the code of a sample.
func (l Law) Encode(s int16) byte {
	if l == ALaw {
		return toA[uint16(s)>>4]
	}
	return toU[uint16(s)>>2]
}

// Decode returns the sample of a code.
func (l Law) Decode(b byte) int16 {
	if l == ALaw {
		return fromA[b]
	}
	return fromU[b]
}

// Silence is the code of nothing to hear.
func (l Law) Silence() byte {
	if l == ALaw {
		return 0xd5
	}
	return 0xff
}

// AppendEncoded adds samples to dst in the law's code.
func (l Law) AppendEncoded(dst []byte, samples []int16) []byte {
	for _, s := range samples {
		dst = append(dst, l.Encode(s))
	}
	return dst
}

// AppendDecoded adds the samples of codes to dst.
func (l Law) AppendDecoded(dst []int16, codes []byte) []int16 {
	for _, b := range codes {
		dst = append(dst, l.Decode(b))
	}
	return dst
}

// Transcode turns codes of one law into those of another where they stand.
func Transcode(codes []byte, from, to Law) {
	if from == to {
		return
	}
	table := &uToA
	if from == ALaw {
		table = &aToU
	}
	for i, b := range codes {
		codes[i] = table[b]
	}
}
