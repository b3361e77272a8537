//! Arguments, filled for whichever engine runs the statement.

use sqlx::{
    Arguments, Encode, Postgres, Sqlite, Type, postgres::PgArguments, sqlite::SqliteArguments,
};

/// A value that both engines can store.
pub trait Value:
    Send + Type<Sqlite> + Type<Postgres> + for<'q> Encode<'q, Sqlite> + for<'q> Encode<'q, Postgres>
{
}

impl<T> Value for T where
    T: Send
        + Type<Sqlite>
        + Type<Postgres>
        + for<'q> Encode<'q, Sqlite>
        + for<'q> Encode<'q, Postgres>
{
}

/// The arguments of one statement, in the form its engine takes.
#[derive(Debug)]
pub enum Args {
    Sqlite(SqliteArguments),
    Postgres(PgArguments),
}

impl Args {
    pub(crate) fn add(&mut self, value: impl Value) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(arguments) => arguments.add(value),
            Self::Postgres(arguments) => arguments.add(value),
        }
        .map_err(sqlx::Error::Encode)
    }
}

/// The arguments of a statement: a tuple of up to sixteen values, `$1` first.
pub trait Bind: Send {
    #[doc(hidden)]
    fn fill(self, args: &mut Args) -> Result<(), sqlx::Error>;
}

impl Bind for () {
    fn fill(self, _: &mut Args) -> Result<(), sqlx::Error> {
        Ok(())
    }
}

macro_rules! bind_tuples {
    ($first:ident $($rest:ident)*) => {
        impl<$first: Value, $($rest: Value),*> Bind for ($first, $($rest,)*) {
            #[expect(non_snake_case, reason = "a type parameter's name serves for its value")]
            fn fill(self, args: &mut Args) -> Result<(), sqlx::Error> {
                let ($first, $($rest,)*) = self;
                args.add($first)?;
                $(args.add($rest)?;)*
                Ok(())
            }
        }
        bind_tuples!($($rest)*);
    };
    () => {};
}

bind_tuples!(A B C D E F G H I J K L M N O P);
