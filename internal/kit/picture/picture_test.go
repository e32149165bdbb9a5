package picture_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"

	"yingda/internal/kit/fault"
	"yingda/internal/kit/picture"
)

// half is a picture whose left half is black and whose right half is white.
func half(w, h int) image.Image {
	m := image.NewGray(image.Rect(0, 0, w, h))
	for x := w / 2; x < w; x++ {
		for y := range h {
			m.SetGray(x, y, color.Gray{255})
		}
	}
	return m
}

func asPNG(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withExif is a JPEG that says how the camera was held.
func withExif(t *testing.T, m image.Image, how byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	exif := append([]byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00"), how, 0, 0, 0, 0, 0, 0, 0)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe1}, uint16(len(exif)+2))
	return append(append(head, exif...), b.Bytes()[2:]...)
}

func TestASmallPictureIsUprightAndSmall(t *testing.T) {
	for how, want := range map[byte]struct {
		w, h       int
		dark, pale image.Point
	}{
		1: {480, 240, image.Pt(10, 120), image.Pt(470, 120)},
		2: {480, 240, image.Pt(470, 120), image.Pt(10, 120)},
		3: {480, 240, image.Pt(470, 120), image.Pt(10, 120)},
		6: {240, 480, image.Pt(120, 10), image.Pt(120, 470)},
		8: {240, 480, image.Pt(120, 470), image.Pt(120, 10)},
		9: {480, 240, image.Pt(10, 120), image.Pt(470, 120)},
	} {
		src := bytes.NewReader(withExif(t, half(960, 480), how))
		size, err := picture.Measure(src)
		if err != nil || size.Width != 2*want.w || size.Height != 2*want.h {
			t.Errorf("held %d: measures %v, %v", how, size, err)
		}
		var out bytes.Buffer
		if err := picture.Small(&out, src, 480); err != nil {
			t.Fatal(err)
		}
		m, err := jpeg.Decode(&out)
		if err != nil {
			t.Fatal(err)
		}
		if m.Bounds().Dx() != want.w || m.Bounds().Dy() != want.h {
			t.Errorf("held %d: %v", how, m.Bounds())
		}
		dark, _, _, _ := m.At(want.dark.X, want.dark.Y).RGBA()
		pale, _, _, _ := m.At(want.pale.X, want.pale.Y).RGBA()
		if dark > 0x4000 || pale < 0xc000 {
			t.Errorf("held %d: %x where it is dark, %x where it is pale", how, dark, pale)
		}
	}
}

func TestTransparentBecomesWhite(t *testing.T) {
	var out bytes.Buffer
	if err := picture.Small(&out, bytes.NewReader(asPNG(t, image.NewNRGBA(image.Rect(0, 0, 10, 10)))), 480); err != nil {
		t.Fatal(err)
	}
	m, err := jpeg.Decode(&out)
	if err != nil {
		t.Fatal(err)
	}
	if r, _, _, _ := m.At(5, 5).RGBA(); r < 0xf000 || m.Bounds().Dx() != 10 {
		t.Errorf("%x, %v", r, m.Bounds())
	}
}

// A few bytes that claim to be a picture of ten thousand million points.
func TestABombIsRefusedBeforeItIsUnpacked(t *testing.T) {
	b := asPNG(t, half(10, 10))
	binary.BigEndian.PutUint32(b[16:], 100_000)
	binary.BigEndian.PutUint32(b[20:], 100_000)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	if _, err := picture.Measure(bytes.NewReader(b)); fault.CodeOf(err) != "file.pixels" {
		t.Errorf("%v", err)
	}
	if _, err := picture.Measure(bytes.NewReader(b[:20])); fault.CodeOf(err) != "file.broken" {
		t.Errorf("%v", err)
	}
}

func FuzzMeasure(f *testing.F) {
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x20Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06"))
	f.Fuzz(func(t *testing.T, b []byte) {
		size, err := picture.Measure(bytes.NewReader(b))
		if err == nil && (size.Width < 1 || size.Width*size.Height > picture.MostPixels) {
			t.Errorf("%v", size)
		}
	})
}
