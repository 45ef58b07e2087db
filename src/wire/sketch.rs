//! Sketches: from one, a peer reads in what its own set differs. The size depends on the difference and not
//! on the sets. A sketch is an invertible Bloom lookup table (Goodrich and Mitzenmacher, 2011; for this use
//! Eppstein et al., "What's the Difference?", 2011).
//!
//! ```text
//! salt       eight bytes
//! count      two bytes, big endian, of cells: a multiple of 4, at most 4096
//! cells      ids eight bytes, check four bytes
//! ```
//!
//! An id is the digest of a tuple. It is put into four cells, one in each quarter of the sketch. A cell is
//! the exclusive or of all that was put into it, so that to put in and to take out are the same, and what two
//! sets have in common leaves no trace when both are put into one sketch. A cell with a single id tells that
//! id. Once it is taken out of its other cells, some of these have a single id as well, and so on.

/// How many cells an id is put into.
const PARTS: usize = 4;
/// The most cells that a sketch has: as many as fit into one extension, with room for its other blocks.
pub(crate) const MOST_CELLS: usize = 4096;
/// Bytes on the wire, of what precedes the cells and of a cell.
const HEAD: usize = 10;
const CELL: usize = 12;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Cell {
    ids: u64,
    check: u32,
}

/// The sketch of a set of ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sketch {
    /// Another one for each sketch. So nobody can choose tuples whose ids meet in one cell, and two ids that
    /// meet in all cells of one sketch do not do so in the next.
    salt: u64,
    cells: Vec<Cell>,
}

/// The last step of SplitMix64 (Steele, Lea and Flood, 2014).
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// The cells to which a hash belongs: one in each quarter.
fn places(hash: u64, cells: usize) -> [usize; PARTS] {
    let size = cells / PARTS;
    std::array::from_fn(|part| {
        let piece = (hash >> (16 * part)) as u16;
        part * size + ((usize::from(piece) * size) >> 16)
    })
}

impl Sketch {
    /// The sketch of the empty set. The number of cells is rounded up to a multiple of four.
    pub(crate) fn new(salt: u64, cells: usize) -> Sketch {
        let cells = cells.next_multiple_of(PARTS).clamp(PARTS, MOST_CELLS);
        Sketch { salt, cells: vec![Cell::default(); cells] }
    }

    /// How many cells.
    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    /// The hash of an id, and its check.
    fn hash(&self, id: u64) -> (u64, u32) {
        let hash = mix(id ^ self.salt);
        (hash, mix(hash) as u32)
    }

    /// Put an id in, or take it out. Returns its cells.
    pub(crate) fn toggle(&mut self, id: u64) -> [usize; 4] {
        let (hash, check) = self.hash(id);
        let places = places(hash, self.cells.len());
        for place in places {
            if let Some(cell) = self.cells.get_mut(place) {
                cell.ids ^= id;
                cell.check ^= check;
            }
        }
        places
    }

    /// The id in a cell, where there is only one.
    fn single(&self, place: usize) -> Option<u64> {
        let cell = self.cells.get(place).filter(|cell| **cell != Cell::default())?;
        let (hash, check) = self.hash(cell.ids);
        (cell.check == check && places(hash, self.cells.len()).contains(&place)).then_some(cell.ids)
    }

    /// All ids, in order. Where there are too many for so few cells: how many could be read.
    pub(crate) fn decode(mut self) -> Result<Vec<u64>, usize> {
        let mut ids = Vec::new();
        let mut places: Vec<usize> = (0..self.cells.len()).collect();
        while let Some(place) = places.pop() {
            let Some(id) = self.single(place) else { continue };
            match ids.binary_search(&id) {
                Err(at) if ids.len() < self.cells.len() => ids.insert(at, id),
                // An id a second time, or more ids than cells: no set has such a sketch.
                _ => return Err(ids.len()),
            }
            places.extend(self.toggle(id));
        }
        if self.cells.iter().all(|cell| *cell == Cell::default()) {
            Ok(ids)
        } else {
            Err(ids.len())
        }
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let mut bytes = self.salt.to_be_bytes().to_vec();
        bytes.extend_from_slice(&(self.cells.len() as u16).to_be_bytes());
        for cell in &self.cells {
            bytes.extend_from_slice(&cell.ids.to_be_bytes());
            bytes.extend_from_slice(&cell.check.to_be_bytes());
        }
        bytes
    }

    pub(super) fn read(content: &[u8]) -> Option<Sketch> {
        let (head, rest) = content.split_first_chunk::<HEAD>()?;
        let [salt @ .., high, low] = *head;
        let count = usize::from(u16::from_be_bytes([high, low]));
        if count == 0 || count % PARTS != 0 || count > MOST_CELLS {
            return None;
        }
        let cells = rest.get(..CELL * count)?.chunks_exact(CELL).filter_map(|bytes| {
            let (ids, rest) = bytes.split_first_chunk::<8>()?;
            let (check, _) = rest.split_first_chunk::<4>()?;
            Some(Cell { ids: u64::from_be_bytes(*ids), check: u32::from_be_bytes(*check) })
        });
        Some(Sketch { salt: u64::from_be_bytes(salt), cells: cells.collect() })
    }
}

#[cfg(test)]
mod tests;
