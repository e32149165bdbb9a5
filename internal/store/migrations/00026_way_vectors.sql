-- +goose Up

-- The ways to ask the knowledge base's questions as vectors of an embedding
-- model, written down so that each is asked for and paid once.
CREATE TABLE way_vectors (
    model  TEXT NOT NULL, -- where it is and its name
    way    TEXT NOT NULL, -- SHA-256 of the text
    vector TEXT NOT NULL,
    PRIMARY KEY (model, way)
);

-- +goose Down
DROP TABLE way_vectors;
