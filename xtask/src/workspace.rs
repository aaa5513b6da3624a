//! Where the workspace is, what it holds, and how to run programs in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// The root directory of the workspace.
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The workspace that the current directory belongs to.
    pub fn find() -> Result<Self> {
        let mut cargo = Command::new("cargo");
        cargo.args(["locate-project", "--workspace", "--message-format", "plain"]);
        let manifest = text_of(&mut cargo)?;
        let root = Path::new(manifest.trim())
            .parent()
            .context("the workspace manifest has no directory")?;
        Ok(Self {
            root: root.to_owned(),
        })
    }

    /// The workspace in this directory.
    pub fn at(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// Absolute path of a file named relative to the root.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// A program that will run in the root, without standard input.
    pub fn command(&self, program: &str, args: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(args).current_dir(&self.root).stdin(Stdio::null());
        command
    }

    /// Runs a program with its output shown; fails when it does.
    pub fn check(&self, program: &str, args: &[&str]) -> Result<()> {
        succeed(&mut self.command(program, args))
    }

    /// What a program prints; fails when the program does.
    pub fn read(&self, program: &str, args: &[&str]) -> Result<String> {
        text_of(&mut self.command(program, args))
    }

    /// Whether a program is there and runs.
    pub fn has(&self, program: &str, args: &[&str]) -> bool {
        quietly(&mut self.command(program, args))
    }

    /// Every file that is in git or would be added by `git add .`, relative to the root, sorted.
    pub fn files(&self) -> Result<Vec<String>> {
        let listed = self.read("git", &["ls-files", "--cached", "--others", "--exclude-standard"])?;
        let mut files: Vec<String> = listed
            .lines()
            .filter(|path| self.path(path).is_file())
            .map(str::to_owned)
            .collect();
        files.sort();
        files.dedup();
        Ok(files)
    }

    /// Where Cargo puts what it builds.
    pub fn target(&self) -> Result<PathBuf> {
        let metadata = self.metadata()?;
        let target = metadata["target_directory"]
            .as_str()
            .context("cargo metadata names no target directory")?;
        Ok(PathBuf::from(target))
    }

    /// `cargo metadata` of the workspace's own packages.
    pub fn metadata(&self) -> Result<Value> {
        let text = self.read(
            "cargo",
            &["metadata", "--no-deps", "--format-version", "1", "--offline"],
        )?;
        serde_json::from_str(&text).context("reading the output of cargo metadata")
    }
}

/// Runs a command with its output shown; fails when it does.
pub fn succeed(command: &mut Command) -> Result<()> {
    let name = name_of(command);
    let status = command.status().with_context(|| format!("starting `{name}`"))?;
    if !status.success() {
        bail!("`{name}` ended with {status}");
    }
    Ok(())
}

/// Whether a command starts and succeeds; its output is dropped.
pub fn quietly(command: &mut Command) -> bool {
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// What a command prints to standard output; its errors are shown.
pub fn text_of(command: &mut Command) -> Result<String> {
    let name = name_of(command);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("starting `{name}`"))?;
    if !output.status.success() {
        bail!("`{name}` ended with {}", output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{name}` printed something else than UTF-8"))
}

fn name_of(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
