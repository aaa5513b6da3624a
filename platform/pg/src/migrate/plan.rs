//! Which steps to run; pure.

use anyhow::{bail, ensure};

use super::{SchemaMigrations, is_identifier};

/// Version of the first prelude entry.
const PRELUDE_FIRST: i32 = -100;

/// A step with its final text.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) version: i32,
    pub(super) name: &'static str,
    pub(super) sql: String,
    pub(super) checksum: String,
}

/// A row of the migration table.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) version: i32,
    pub(super) name: String,
    pub(super) checksum: String,
}

/// Refuses names that would need quotes and versions that do not ascend.
pub(super) fn check(set: &SchemaMigrations) -> anyhow::Result<()> {
    let views = set.contract_views.iter().flat_map(|it| [it.schema, it.role]);
    for name in [set.schema, set.role]
        .into_iter()
        .chain(set.append_only.iter().copied())
        .chain(views)
    {
        ensure!(is_identifier(name), "{name:?} is not a plain lower-case name");
    }
    ensure!(
        set.prelude.len() <= 99,
        "schema {}: more than 99 prelude entries",
        set.schema
    );
    let mut last = 0;
    for step in set.steps {
        ensure!(
            step.version > last,
            "schema {}: {} does not ascend from {last}",
            set.schema,
            step.name
        );
        last = step.version;
    }
    Ok(())
}

/// All steps in the order they run.
pub(super) fn known(set: &SchemaMigrations) -> Vec<Known> {
    let prelude = set
        .prelude
        .iter()
        .zip(PRELUDE_FIRST..)
        .map(|((name, sql), version)| {
            let sql = sql.replace("{schema}", set.schema);
            (version, *name, sql)
        });
    let steps = set
        .steps
        .iter()
        .map(|step| (step.version, step.name, step.sql.to_owned()));
    prelude
        .chain(steps)
        .map(|(version, name, sql)| Known {
            version,
            name,
            checksum: crate::hash::sha256_hex(sql.as_bytes()),
            sql,
        })
        .collect()
}

/// What is left to run, or why we must not.
pub(super) fn pending(set: &SchemaMigrations, applied: &[Row]) -> anyhow::Result<Vec<Known>> {
    let known = known(set);
    if let Some(version) = newest_unknown(&known, applied) {
        bail!("it is at version {version}, which this program does not know: use a newer khaacho");
    }
    unchanged(set.schema, &known, applied)?;
    let pending: Vec<Known> = known
        .into_iter()
        .filter(|step| applied.iter().all(|row| row.version != step.version))
        .collect();
    for step in &pending {
        // prelude and steps are two tracks: a new prelude entry may follow old steps
        let after = applied
            .iter()
            .find(|row| row.version > step.version && (row.version < 0) == (step.version < 0));
        if let Some(row) = after {
            bail!(
                "{} comes before {}, which was applied already: give it a higher version",
                step.name,
                row.name
            );
        }
    }
    Ok(pending)
}

/// Refuses an applied step whose text changed.
pub(super) fn unchanged(schema: &str, known: &[Known], applied: &[Row]) -> anyhow::Result<()> {
    for row in applied {
        if let Some(step) = known.iter().find(|step| step.version == row.version) {
            ensure!(
                step.checksum == row.checksum,
                "migration {} of schema {schema} was changed after it was applied: \
                 restore it and add a new one",
                step.name
            );
        }
    }
    Ok(())
}

/// The first step that has not been applied.
pub(super) fn first_missing<'a>(known: &'a [Known], applied: &[Row]) -> Option<&'a Known> {
    known
        .iter()
        .find(|step| applied.iter().all(|row| row.version != step.version))
}

/// The highest applied version that we have no step for.
pub(super) fn newest_unknown(known: &[Known], applied: &[Row]) -> Option<i32> {
    applied
        .iter()
        .map(|row| row.version)
        .filter(|version| known.iter().all(|step| step.version != *version))
        .max()
}

#[cfg(test)]
mod tests {
    use super::{Row, check, known, pending};
    use crate::migrate::{SchemaMigrations, Step, fingerprint};

    const ONE: Step = Step {
        version: 1,
        name: "0001_one",
        sql: "create table a.one ()",
    };
    const TWO: Step = Step {
        version: 2,
        name: "0002_two",
        sql: "create table a.two ()",
    };
    const SET: SchemaMigrations = SchemaMigrations::new("a", "khaacho_a", &[ONE, TWO])
        .with_prelude(&[("job", "create table {schema}.job ()")]);

    fn rows(set: &SchemaMigrations) -> Vec<Row> {
        let row = |step: super::Known| Row {
            version: step.version,
            name: step.name.into(),
            checksum: step.checksum,
        };
        known(set).into_iter().map(row).collect()
    }

    #[test]
    fn the_prelude_comes_first_and_knows_its_schema() {
        let plan = pending(&SET, &[]).expect("fresh");
        let versions: Vec<i32> = plan.iter().map(|step| step.version).collect();
        assert_eq!(versions, [-100, 1, 2]);
        assert_eq!(plan[0].sql, "create table a.job ()");
    }

    #[test]
    fn only_what_is_missing_runs() {
        let applied = rows(&SchemaMigrations { steps: &[ONE], ..SET });
        let plan = pending(&SET, &applied).expect("one step behind");
        assert_eq!(
            plan.iter().map(|step| step.name).collect::<Vec<_>>(),
            ["0002_two"]
        );
        assert!(pending(&SET, &rows(&SET)).expect("up to date").is_empty());
    }

    #[test]
    fn a_later_prelude_entry_may_follow_old_steps() {
        const MORE: SchemaMigrations =
            SET.with_prelude(&[("job", "create table {schema}.job ()"), ("log", "select 1")]);
        assert_eq!(pending(&MORE, &rows(&SET)).expect("grows").len(), 1);
    }

    #[test]
    fn changed_unknown_and_inserted_steps_are_refused() {
        let refusal =
            |set: &SchemaMigrations, applied: &[Row]| pending(set, applied).expect_err("refused").to_string();
        let mut changed = rows(&SET);
        changed[1].checksum = "other".to_owned();
        assert!(refusal(&SET, &changed).starts_with("migration 0001_one of schema a was changed"));
        let behind = SchemaMigrations { steps: &[ONE], ..SET };
        assert!(refusal(&behind, &rows(&SET)).contains("version 2, which this program does not know"));
        let mut gap = rows(&SET);
        gap.remove(1);
        assert!(refusal(&SET, &gap).starts_with("0001_one comes before 0002_two"));
    }

    #[test]
    fn odd_sets_are_refused() {
        assert!(
            check(&SchemaMigrations {
                schema: "a; drop",
                ..SET
            })
            .is_err()
        );
        assert!(
            check(&SchemaMigrations {
                steps: &[TWO, ONE],
                ..SET
            })
            .is_err()
        );
        assert!(check(&SET).is_ok());
    }

    #[test]
    fn the_fingerprint_follows_the_text() {
        assert_eq!(fingerprint(&[SET]), fingerprint(&[SET]));
        assert_ne!(
            fingerprint(&[SET]),
            fingerprint(&[SchemaMigrations { steps: &[ONE], ..SET }])
        );
    }
}
