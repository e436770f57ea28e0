"""How far a score and a rank hang on choices and on errors in the data: replays of an index."""
