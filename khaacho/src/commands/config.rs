//! `khaacho config`.

use khaacho_config::{Setting, Strings};

use crate::cli::ConfigCommand;
use crate::roles::ALL;
use crate::settings::{Purpose, Settings};

/// Checks, shows or exemplifies the configuration.
pub fn run(command: &ConfigCommand, strings: &Strings) -> anyhow::Result<()> {
    let (result, read) = Settings::read(strings, &ALL.into(), Purpose::Look);
    match command {
        ConfigCommand::Example => print!("{}", example(&read)),
        ConfigCommand::Summary => {
            print!("{}", summary(&read));
            result?;
        }
        ConfigCommand::Validate => {
            result?;
            println!(
                "the configuration is valid: {} settings read, {} given",
                unique(&read).len(),
                given(&read)
            );
        }
    }
    Ok(())
}

/// Every setting once, by name.
fn unique(read: &[Setting]) -> Vec<&Setting> {
    let mut settings: Vec<&Setting> = read.iter().collect();
    settings.sort_by_key(|s| s.name);
    settings.dedup_by_key(|s| s.name);
    settings
}

fn given(read: &[Setting]) -> usize {
    unique(read).iter().filter(|s| s.given).count()
}

/// Every setting with its effective value.
pub fn summary(read: &[Setting]) -> String {
    let settings = unique(read);
    let width = settings.iter().map(|s| s.name.len()).max().unwrap_or(0);
    let line = |s: &&Setting| {
        let mark = if s.given { "*" } else { " " };
        format!(
            "{mark} {:width$}  {:<24}  {}\n",
            s.name, s.value_for_display, s.doc
        )
    };
    settings.iter().map(line).collect()
}

/// A `.env.example`: every setting, commented out, with its default and meaning.
pub fn example(read: &[Setting]) -> String {
    let head = "# Every setting of khaacho with its default. `khaacho config example` prints this file.\n\
                # Secrets have no default: never commit a filled-in copy.\n";
    let line = |s: &&Setting| format!("\n# {}\n# {}={}\n", s.doc, s.name, s.default);
    let body: String = unique(read).iter().map(line).collect();
    format!("{head}{body}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_file_is_what_the_code_reads() {
        let (_, read) = Settings::read(
            &Strings::from_pairs::<String, String>([]),
            &ALL.into(),
            Purpose::Look,
        );
        let file = include_str!("../../../.env.example");
        assert!(
            example(&read) == file,
            "run `cargo run -- config example > .env.example`"
        );
    }

    #[test]
    fn secrets_are_not_shown() {
        let strings = Strings::from_pairs([("KHAACHO_MESH_SECRET", "0123456789abcdef0123456789abcdef")]);
        let (_, read) = Settings::read(&strings, &ALL.into(), Purpose::Look);
        assert!(!summary(&read).contains("0123456789abcdef"));
    }
}
