// Answers questions about notes, proofs and tiles with golang.org/x/mod/sumdb/{note,tlog}: one JSON object a line on stdin,
// one a line on stdout. Nothing of Pawl is in it, so what it agrees with is not only our own opinion.
package main

import (
	"bufio"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type question struct {
	Kind      string
	Name      string
	Text      string
	Note      string
	SKeys     []string
	VKeys     []string
	Record    []byte
	Index     int64
	Size      int64
	OldSize   int64
	Root      []byte
	OldRoot   []byte
	Hashes    [][]byte
	Directory string
	Indices   []int64
	Sizes     []int64
}

type answer struct {
	OK      bool       `json:"ok"`
	Error   string     `json:"error"`
	Text    string     `json:"text"`
	Note    string     `json:"note"`
	SKey    string     `json:"skey"`
	VKey    string     `json:"vkey"`
	Signers []string   `json:"signers"`
	Size    int64      `json:"size"`
	Root    []byte     `json:"root"`
	Proofs  [][][]byte `json:"proofs"`
	Roots   [][]byte   `json:"roots"`
}

var kinds = map[string]func(question) (answer, error){
	"generate":      generate,
	"sign":          sign,
	"open":          open,
	"parse-tree":    parseTree,
	"record-hash":   recordHash,
	"check-record":  checkRecord,
	"check-tree":    checkTree,
	"prove-records": proveRecords,
	"prove-trees":   proveTrees,
	"tiles":         tiles,
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	decoder := json.NewDecoder(in)
	for decoder.More() {
		var q question
		if err := decoder.Decode(&q); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		a, err := kinds[q.Kind](q)
		a.OK = err == nil
		if err != nil {
			a.Error = err.Error()
		}
		if err := out.Encode(a); err != nil {
			os.Exit(1)
		}
	}
}

func generate(q question) (answer, error) {
	skey, vkey, err := note.GenerateKey(rand.Reader, q.Name)
	return answer{SKey: skey, VKey: vkey}, err
}

func sign(q question) (answer, error) {
	var signers []note.Signer
	for _, skey := range q.SKeys {
		signer, err := note.NewSigner(skey)
		if err != nil {
			return answer{}, err
		}
		signers = append(signers, signer)
	}
	signed, err := note.Sign(&note.Note{Text: q.Text}, signers...)
	return answer{Note: string(signed)}, err
}

func openNote(text []byte, vkeys []string) (*note.Note, error) {
	var verifiers []note.Verifier
	for _, vkey := range vkeys {
		verifier, err := note.NewVerifier(vkey)
		if err != nil {
			return nil, err
		}
		verifiers = append(verifiers, verifier)
	}
	return note.Open(text, note.VerifierList(verifiers...))
}

func open(q question) (answer, error) {
	opened, err := openNote([]byte(q.Note), q.VKeys)
	if err != nil {
		return answer{}, err
	}
	var signers []string
	for _, sig := range opened.Sigs {
		signers = append(signers, fmt.Sprintf("%s+%08x", sig.Name, sig.Hash))
	}
	return answer{Text: opened.Text, Signers: signers}, nil
}

func parseTree(q question) (answer, error) {
	tree, err := tlog.ParseTree([]byte(q.Text))
	return answer{Size: tree.N, Root: tree.Hash[:]}, err
}

func recordHash(q question) (answer, error) {
	hash := tlog.RecordHash(q.Record)
	return answer{Root: hash[:]}, nil
}

func toHash(bytes []byte) (hash tlog.Hash, err error) {
	if len(bytes) != tlog.HashSize {
		return hash, errors.New("not a hash")
	}
	copy(hash[:], bytes)
	return hash, nil
}

func toHashes(list [][]byte) (hashes []tlog.Hash, err error) {
	for _, bytes := range list {
		hash, err := toHash(bytes)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, hash)
	}
	return hashes, nil
}

func fromHashes(hashes []tlog.Hash) [][]byte {
	list := [][]byte{}
	for i := range hashes {
		list = append(list, hashes[i][:])
	}
	return list
}

func checkRecord(q question) (answer, error) {
	proof, err1 := toHashes(q.Hashes)
	root, err2 := toHash(q.Root)
	if err1 != nil || err2 != nil {
		return answer{}, errors.New("not a hash")
	}
	return answer{}, tlog.CheckRecord(proof, q.Size, root, q.Index, tlog.RecordHash(q.Record))
}

func checkTree(q question) (answer, error) {
	proof, err1 := toHashes(q.Hashes)
	root, err2 := toHash(q.Root)
	oldRoot, err3 := toHash(q.OldRoot)
	if err1 != nil || err2 != nil || err3 != nil {
		return answer{}, errors.New("not a hash")
	}
	return answer{}, tlog.CheckTree(proof, q.Size, root, q.OldSize, oldRoot)
}

// The log of the records "record 0", "record 1", ... as tlog stores its hashes.
func storedHashes(count int64) (tlog.HashReader, error) {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var list []tlog.Hash
		for _, index := range indexes {
			list = append(list, stored[index])
		}
		return list, nil
	})
	for n := int64(0); n < count; n++ {
		hashes, err := tlog.StoredHashes(n, []byte("record "+strconv.FormatInt(n, 10)), reader)
		if err != nil {
			return nil, err
		}
		stored = append(stored, hashes...)
	}
	return reader, nil
}

func proveRecords(q question) (a answer, err error) {
	reader, err := storedHashes(q.Size)
	if err != nil {
		return a, err
	}
	root, err := tlog.TreeHash(q.Size, reader)
	if err != nil {
		return a, err
	}
	a.Root = root[:]
	for _, index := range q.Indices {
		proof, err := tlog.ProveRecord(q.Size, index, reader)
		if err != nil {
			return a, err
		}
		a.Proofs = append(a.Proofs, fromHashes(proof))
	}
	return a, nil
}

func proveTrees(q question) (a answer, err error) {
	reader, err := storedHashes(q.Size)
	if err != nil {
		return a, err
	}
	root, err := tlog.TreeHash(q.Size, reader)
	if err != nil {
		return a, err
	}
	a.Root = root[:]
	for _, size := range q.Sizes {
		old, err := tlog.TreeHash(size, reader)
		if err != nil {
			return a, err
		}
		proof, err := tlog.ProveTree(q.Size, size, reader)
		if err != nil {
			return a, err
		}
		a.Roots = append(a.Roots, append([]byte{}, old[:]...))
		a.Proofs = append(a.Proofs, fromHashes(proof))
	}
	return a, nil
}

// Reads tiles from a directory laid out by C2SP tlog-tiles, which leaves out the height that tlog puts into its paths.
type tileDirectory string

func (directory tileDirectory) Height() int { return 8 }

func (directory tileDirectory) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var list [][]byte
	for _, tile := range tiles {
		path := "tile/" + strings.TrimPrefix(tile.Path(), "tile/8/")
		data, err := os.ReadFile(filepath.Join(string(directory), path))
		if err != nil {
			return nil, err
		}
		list = append(list, data)
	}
	return list, nil
}

func (directory tileDirectory) SaveTiles(tiles []tlog.Tile, data [][]byte) {}

func (directory tileDirectory) entry(index int64, size int64) ([]byte, error) {
	tile := tlog.Tile{H: 8, L: 0, N: index / 256, W: 256}
	if rest := size - tile.N*256; rest < 256 {
		tile.W = int(rest)
	}
	path := "tile/entries/" + strings.TrimPrefix(tile.Path(), "tile/8/0/")
	bundle, err := os.ReadFile(filepath.Join(string(directory), path))
	if err != nil {
		return nil, err
	}
	for skip := index % 256; ; skip-- {
		if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
			return nil, errors.New("the entry bundle ends early")
		}
		end := 2 + int(binary.BigEndian.Uint16(bundle))
		if skip == 0 {
			return bundle[2:end], nil
		}
		bundle = bundle[end:]
	}
}

// Follows a directory of tiles as a monitor does: from its checkpoint to records and earlier sizes, believing only proofs.
func tiles(q question) (a answer, err error) {
	directory := tileDirectory(q.Directory)
	text, err := os.ReadFile(filepath.Join(q.Directory, "checkpoint"))
	if err != nil {
		return a, err
	}
	opened, err := openNote(text, q.VKeys)
	if err != nil {
		return a, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 {
		return a, errors.New("not a checkpoint")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return a, err
	}
	rootBytes, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil {
		return a, err
	}
	root, err := toHash(rootBytes)
	if err != nil {
		return a, err
	}
	reader := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, directory)
	a.Text, a.Size, a.Root = lines[0], size, root[:]
	for _, index := range q.Indices {
		entry, err := directory.entry(index, size)
		if err != nil {
			return a, err
		}
		proof, err := tlog.ProveRecord(size, index, reader)
		if err != nil {
			return a, err
		}
		if err := tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(entry)); err != nil {
			return a, fmt.Errorf("record %d: %w", index, err)
		}
		a.Proofs = append(a.Proofs, fromHashes(proof))
	}
	for _, old := range q.Sizes {
		oldRoot, err := tlog.TreeHash(old, reader)
		if err != nil {
			return a, err
		}
		proof, err := tlog.ProveTree(size, old, reader)
		if err != nil {
			return a, err
		}
		if err := tlog.CheckTree(proof, size, root, old, oldRoot); err != nil {
			return a, fmt.Errorf("size %d: %w", old, err)
		}
		a.Roots = append(a.Roots, append([]byte{}, oldRoot[:]...))
		a.Proofs = append(a.Proofs, fromHashes(proof))
	}
	return a, nil
}
