// Package retrieve finds the question of a knowledge base that a text asks,
// and decides what the assistant does: text in, decision out.
//
//	tokens.go      text to tokens, for ranking and for full-text search
//	simplify.go    traditional to simplified characters
//	manners.go     greetings, thanks, fillers, and words that say the same
//	rules.go       what is decided by its words alone: danger, law, no help
//	person.go      how people ask for a person, and what only looks like it
//	index.go       the questions, ready to be asked; what editors are told of it
//	corpus.go      the questions as numbers
//	field.go       BM25: how near the words are
//	classifier.go  which question the terms speak for, learnt from the phrasings
//	rank.go        all of it in one order
//	confidence.go  how likely the first is right, learnt from the questions themselves
//	resemble.go    how much two texts ask the same
//	collide.go     which questions are taken for each other
//	decide.go      answer, offer a choice, or hand over; always with a reason
//
// It needs no language model and no segmenter. Everything here is a function of its
// arguments; an [Index] never changes, so any number of goroutines may use one.
package retrieve
