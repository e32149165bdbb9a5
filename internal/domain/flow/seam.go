package flow

// Seams is what flows read and write through. The caller hands it in for one
// turn, with the person's identity and rights inside: a flow names what it
// wants, never who is asking.
type Seams interface {
	// LookUp reads something. found is false when there is no such thing; an
	// error means that it could not be read now.
	LookUp(c Call) (found map[string]string, ok bool, err error)
	// Write does something, and tells what is to be named afterwards, such as a
	// number. The same Key again has no second effect and tells the same.
	Write(c Call) (told map[string]string, err error)
	// Answer answers a question that was asked in between, or reports that it
	// cannot.
	Answer(question, language string) (answer string, ok bool)
}

// Call is one use of a seam.
type Call struct {
	Seam     string
	With     map[string]string
	Shown    map[string]string // With as people read it: the name of an option instead of its id
	Language string
	Key      string // of a write: run and step
}

// Seam describes a look-up or a write that flows may name.
type Seam struct {
	Name   string   `json:"name"`
	Writes bool     `json:"writes,omitzero"`
	Takes  []string `json:"takes"`           // parameters
	Tells  []string `json:"tells,omitempty"` // fields of the result
}

// Catalogue is the seams of a house.
type Catalogue []Seam

// Find returns a seam by its name.
func (c Catalogue) Find(name string) (Seam, bool) {
	for _, s := range c {
		if s.Name == name {
			return s, true
		}
	}
	return Seam{}, false
}
