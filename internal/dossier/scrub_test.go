package dossier_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"guichet/internal/dossier"
)

const plantedSecret = "password=Tr0ub4dor&3xyz"

// No secret slips through between two pieces of a text, whether it has lines or
// none.
func TestScrubFindsWhatStandsBetweenPieces(t *testing.T) {
	t.Parallel()
	for name, filler := range map[string]string{"lines": "2026-11-26 08:14:22Z GET /owa/ 200 ok\n", "one endless line": `{"at":"2026-11-26","path":"/owa/"},`} {
		for _, edge := range []int{128 << 10, 512 << 10} {
			for _, off := range []int{-20, -1, 0} {
				before := strings.Repeat(filler, (edge+off)/len(filler))
				text := before + " " + plantedSecret + " " + strings.Repeat(filler, 4_000)
				var out bytes.Buffer
				found, err := dossier.Scrub(&out, iotest.HalfReader(strings.NewReader(text)), "trace.log")
				if err != nil || strings.Contains(out.String(), "Tr0ub4dor") || len(found) != 1 || found[0].Count != 1 {
					t.Errorf("%s, at %d%+d: %v, %v", name, edge, off, found, err)
				}
				if kept := strings.Count(out.String(), filler); kept < 4_000 {
					t.Errorf("%s, at %d%+d: %d pieces of filler came back", name, edge, off, kept)
				}
			}
		}
	}
}

func TestScrubHoldsAKeyTogether(t *testing.T) {
	t.Parallel()
	line := "Ax9" + strings.Repeat("q7Zk", 15) + "\n"
	key := "-----BEGIN RSA PRIVATE KEY-----\n" + strings.Repeat(line, 30) + "-----END RSA PRIVATE KEY-----\n"
	for pad := 128<<10 - len(key) - 200; pad < 128<<10+200; pad += 400 {
		text := strings.Repeat(strings.Repeat("x", 99)+"\n", pad/100) + key + "after\n"
		var out bytes.Buffer
		found, err := dossier.Scrub(&out, strings.NewReader(text), "dump.txt")
		if err != nil || strings.Contains(out.String(), "q7Zk") || len(found) == 0 || !strings.HasSuffix(out.String(), "after\n") {
			t.Fatalf("with %d bytes before it: %v, %v", pad, found, err)
		}
	}
}

func TestScrubReadsWhatWindowsWrites(t *testing.T) {
	t.Parallel()
	text := "évènement\r\n" + plantedSecret + "\r\n"
	wide := func(order binary.AppendByteOrder) string {
		b := make([]byte, 0, 2*len(text)+2)
		for _, u := range append([]uint16{0xfeff}, utf16.Encode([]rune(text))...) {
			b = order.AppendUint16(b, u)
		}
		return string(b)
	}
	for name, sent := range map[string]string{"UTF-8": text, "with a mark": "\ufeff" + text, "little end": wide(binary.LittleEndian), "big end": wide(binary.BigEndian)} {
		var out bytes.Buffer
		found, err := dossier.Scrub(&out, strings.NewReader(sent), "EVENTS.TXT")
		if err != nil || !strings.HasPrefix(out.String(), "évènement\r\n") || strings.Contains(out.String(), "Tr0ub4dor") || len(found) != 1 {
			t.Errorf("%s: %q, %v, %v", name, out.String(), found, err)
		}
	}
	// What is no text stays byte for byte.
	raw := "\xff\xfe\x00PNG " + plantedSecret
	var out bytes.Buffer
	if _, err := dossier.Scrub(&out, strings.NewReader(raw), "shot.png"); err != nil || out.String() != raw || dossier.Reads("shot.png") || !dossier.Reads("A.HAR") {
		t.Errorf("%q, %v", out.String(), err)
	}
}

func TestScrubTellsALineThatBroke(t *testing.T) {
	t.Parallel()
	broken := errors.New("the line broke")
	for _, name := range []string{"a.txt", "a.png", "a.har"} {
		_, err := dossier.Scrub(&bytes.Buffer{}, iotest.ErrReader(broken), name)
		if !errors.Is(err, broken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
