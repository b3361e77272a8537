//! Lists whose filters vary.

use crate::{Error, Result, Value, bind::Args};

/// A `SELECT` that grows a filter at a time. Its text comes from the program alone; values are
/// always arguments.
#[derive(Debug)]
pub struct Select {
    base: &'static str,
    sql: String,
    args: Args,
    count: usize,
    filtered: bool,
    failed: Option<sqlx::Error>,
}

impl Select {
    pub(crate) fn new(base: &'static str, args: Args) -> Self {
        Self {
            base,
            sql: base.to_owned(),
            args,
            count: 0,
            filtered: false,
            failed: None,
        }
    }

    fn argument(&mut self, value: impl Value) {
        if let Err(error) = self.args.add(value) {
            self.failed.get_or_insert(error);
        }
        self.count += 1;
        self.sql.push('$');
        self.sql.push_str(&self.count.to_string());
    }

    fn condition(&mut self) {
        self.sql
            .push_str(if self.filtered { " AND " } else { " WHERE " });
        self.filtered = true;
    }

    /// Adds a condition without arguments.
    #[must_use]
    pub fn filter(mut self, condition: &'static str) -> Self {
        self.condition();
        self.sql.push_str(condition);
        self
    }

    /// Adds a condition that ends in an argument: `.filter_by("status = ", status)`.
    #[must_use]
    pub fn filter_by(mut self, condition: &'static str, value: impl Value) -> Self {
        self.condition();
        self.sql.push_str(condition);
        self.argument(value);
        self
    }

    /// Adds the condition if there is a value for it.
    #[must_use]
    pub fn filter_if(self, condition: &'static str, value: Option<impl Value>) -> Self {
        match value {
            Some(value) => self.filter_by(condition, value),
            None => self,
        }
    }

    /// Adds `condition (…)` with a list of values; an empty list matches nothing.
    #[must_use]
    pub fn filter_in<V: Value>(
        mut self,
        column: &'static str,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        self.condition();
        self.sql.push_str(column);
        self.sql.push_str(" IN (");
        let mut any = false;
        for value in values {
            if any {
                self.sql.push_str(", ");
            }
            self.argument(value);
            any = true;
        }
        if !any {
            self.sql.push_str("NULL");
        }
        self.sql.push(')');
        self
    }

    /// Adds fixed text: `GROUP BY`, `ORDER BY`, or a condition's closing bracket.
    #[must_use]
    pub fn push(mut self, text: &'static str) -> Self {
        self.sql.push_str(text);
        self
    }

    /// Adds fixed text after which the filters begin anew, such as what follows a subquery.
    #[must_use]
    pub fn then(mut self, text: &'static str) -> Self {
        self.filtered = false;
        self.push(text)
    }

    /// Adds text that ends in an argument, such as the `LIMIT` of a page.
    #[must_use]
    pub fn push_by(mut self, text: &'static str, value: impl Value) -> Self {
        self.sql.push_str(text);
        self.argument(value);
        self
    }

    /// Cuts the list to the page asked for.
    #[must_use]
    pub fn page(self, page: kernel::PageRequest) -> Self {
        self.push_by(" LIMIT ", page.limit())
            .push_by(" OFFSET ", page.offset())
    }

    pub(crate) fn into_parts(self) -> Result<(&'static str, String, Args)> {
        match self.failed {
            Some(error) => Err(Error::of(self.base, error)),
            None => Ok((self.base, self.sql, self.args)),
        }
    }
}
