//! Comments of the contracts.

use std::collections::HashMap;
use std::sync::LazyLock;

use prost_reflect::FileDescriptor;

type Comments = HashMap<(String, Vec<i32>), String>;

static COMMENTS: LazyLock<Comments> = LazyLock::new(|| {
    let mut comments = Comments::new();
    for file in khaacho_proto::descriptor_pool().files() {
        let info = file.file_descriptor_proto().source_code_info.as_ref();
        for location in info.map_or(&[][..], |info| &info.location) {
            if let Some(text) = &location.leading_comments {
                let text = text.lines().map(str::trim).collect::<Vec<_>>().join(" ");
                comments.insert(
                    (file.name().to_owned(), location.path.clone()),
                    text.trim().to_owned(),
                );
            }
        }
    }
    comments
});

/// The comment above an element; `None` when it has none.
pub(crate) fn of(file: FileDescriptor, path: &[i32]) -> Option<String> {
    COMMENTS.get(&(file.name().to_owned(), path.to_vec())).cloned()
}
