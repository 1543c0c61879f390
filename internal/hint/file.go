package hint

import (
	"bytes"
	"compress/flate"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"
)

//go:embed shipped.model
var shippedFile []byte

var shipped = sync.OnceValue(func() *Model {
	m, err := Decode(shippedFile)
	if err != nil {
		panic(err) // the embedded file is read by the tests
	}
	return m
})

// Shipped is the model that a desk starts with: learned from made-up tickets that resemble
// public reports.
func Shipped() *Model { return shipped() }

// The file: its name and version, the labels, the size of a step, the biases, and for each
// bucket that says anything how far it is from the last and a signed byte a label. All of it
// deflated.
const signature = "guichet hint 1\n"

// maxFile is the largest file that is read, unpacked, in bytes.
const maxFile = 4 << 20

// Encode writes the model as a file.
func (m *Model) Encode() []byte {
	var plain bytes.Buffer
	plain.WriteString(signature)
	write := func(n uint64) { plain.Write(binary.AppendUvarint(nil, n)) }
	write(uint64(len(m.labels)))
	for _, l := range m.labels {
		write(uint64(len(l)))
		plain.WriteString(l)
	}
	number := func(f float32) { plain.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(f))) }
	number(m.step)
	for _, b := range m.bias {
		number(b)
	}
	last, n := 0, len(m.labels)
	for bucket := range buckets {
		row := m.weights[bucket*n : bucket*n+n]
		if !slices.ContainsFunc(row, func(w int8) bool { return w != 0 }) {
			continue
		}
		write(uint64(bucket - last + 1))
		for _, w := range row {
			plain.WriteByte(byte(w))
		}
		last = bucket
	}
	write(0)
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err == nil {
		_, err = w.Write(plain.Bytes())
	}
	if err != nil || w.Close() != nil {
		panic("a buffer refused to be written") // it never does
	}
	return packed.Bytes()
}

// Decode reads a file that Encode wrote. Errors: anything else.
func Decode(file []byte) (*Model, error) {
	plain, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(file)), maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("unpack model: %w", err)
	}
	rest, ok := bytes.CutPrefix(plain, []byte(signature))
	if !ok || len(plain) > maxFile {
		return nil, errors.New("no model of this version")
	}
	m, err := decode(bytes.NewReader(rest))
	if err != nil {
		return nil, fmt.Errorf("read model: %w", err)
	}
	return m, nil
}

const (
	maxLabels = 64
	maxLabel  = 80
)

func decode(r *bytes.Reader) (*Model, error) {
	m := &Model{}
	n, err := binary.ReadUvarint(r)
	if err != nil || n > maxLabels {
		return nil, errors.Join(err, errors.New("too many labels"))
	}
	for range n {
		size, err := binary.ReadUvarint(r)
		if err != nil || size > maxLabel {
			return nil, errors.Join(err, errors.New("a label is too long"))
		}
		label := make([]byte, size)
		if _, err := io.ReadFull(r, label); err != nil {
			return nil, err
		}
		m.labels = append(m.labels, string(label))
	}
	numbers := make([]float32, 1+n)
	if err := binary.Read(r, binary.LittleEndian, numbers); err != nil {
		return nil, err
	}
	m.step, m.bias, m.weights = numbers[0], numbers[1:], make([]int8, buckets*int(n))
	return m, m.decodeRows(r)
}

func (m *Model) decodeRows(r *bytes.Reader) error {
	n := len(m.labels)
	row := make([]byte, n)
	for bucket := 0; ; {
		by, err := binary.ReadUvarint(r)
		if err != nil || by == 0 {
			return err
		}
		if by-1 >= buckets || bucket+int(by)-1 >= buckets {
			return errors.New("a row beyond the last bucket")
		}
		bucket += int(by) - 1
		if _, err := io.ReadFull(r, row); err != nil {
			return err
		}
		for i, b := range row {
			m.weights[bucket*n+i] = int8(b)
		}
	}
}
