//! Paging of lists: `?page=2&limit=50`.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which page of a list is asked for.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct PageRequest {
    /// The page, from 1.
    #[param(minimum = 1, default = 1)]
    pub page: u32,
    /// Rows a page, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub limit: u32,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { page: 1, limit: 20 }
    }
}

impl PageRequest {
    /// Rows a page, brought within bounds.
    pub fn limit(self) -> i64 {
        i64::from(self.limit.clamp(1, 100))
    }

    /// Rows before the page.
    pub fn offset(self) -> i64 {
        i64::from(self.page.max(1) - 1) * self.limit()
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub data: Vec<T>,
    /// Where this page lies.
    pub pagination: Pagination,
}

/// Where a page lies in its list.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Pagination {
    /// This page, from 1.
    pub page: u32,
    /// Rows a page.
    pub limit: u32,
    /// Rows in the whole list.
    pub total: u64,
    /// Pages in the whole list.
    pub total_pages: u64,
}

impl<T> Page<T> {
    /// The page that `request` asked for, of a list of `total` rows.
    pub fn new(data: Vec<T>, request: PageRequest, total: i64) -> Self {
        let total = u64::try_from(total).unwrap_or(0);
        let limit = request.limit.clamp(1, 100);
        let pagination = Pagination {
            page: request.page.max(1),
            limit,
            total,
            total_pages: total.div_ceil(u64::from(limit)),
        };
        Self { data, pagination }
    }

    /// The same page with each row turned into something else.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U> {
        Page {
            data: self.data.into_iter().map(turn).collect(),
            pagination: self.pagination,
        }
    }
}
