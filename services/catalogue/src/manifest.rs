//! `catalogue.toml`: what this catalogue is, from when, and for which territory.

use std::collections::BTreeMap;

use huiyin_domain::{CatalogueVersionId, PlaceCode, SystemCode};
use jiff::civil::Date;
use serde::Deserialize;

use crate::day::{Edge, parse_date};
use crate::fault::{Faults, Spot};
use crate::table::decode;

pub(crate) const FILE: &str = "catalogue.toml";

/// Head of a catalogue.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// Name shown to officers.
    pub name: String,
    /// The version every decision names.
    pub version: CatalogueVersionId,
    /// First day on which decisions use this version.
    pub effective_from: Date,
    /// The territory of the installation.
    pub region: PlaceCode,
    /// System of the office that keeps what nobody else holds (政府办).
    pub duty_office: SystemCode,
    /// System of township governments and street offices.
    pub street: SystemCode,
    /// System of the committees that govern development zones.
    pub zone: SystemCode,
    /// Remark of the office that keeps the catalogue.
    pub note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    name: Option<String>,
    version: Option<String>,
    effective_from: Option<toml::Value>,
    region: Option<String>,
    note: Option<String>,
    systems: Option<RawSystems>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSystems {
    duty_office: Option<String>,
    street: Option<String>,
    zone: Option<String>,
}

/// The manifest with the line of each of its keys, for faults found later.
pub(crate) struct ReadManifest {
    pub(crate) manifest: Manifest,
    lines: BTreeMap<String, u64>,
}

impl ReadManifest {
    pub(crate) fn spot(&self, key: &str) -> Spot {
        Spot { file: FILE, line: self.lines.get(key).copied().unwrap_or(0) }
    }
}

pub(crate) fn read(files: &BTreeMap<String, Vec<u8>>, faults: &mut Faults) -> Option<ReadManifest> {
    let whole = Spot { file: FILE, line: 0 };
    let Some(bytes) = files.get(FILE) else {
        faults.add(whole, "", "缺少这个文件", "补上 catalogue.toml，写明 name、version、effective_from、region");
        return None;
    };
    let text = decode(bytes, FILE, faults)?;
    let raw: Raw = match toml::from_str(&text) {
        Ok(raw) => raw,
        Err(error) => {
            let start = error.span().map_or(0, |span| span.start);
            let line = text.bytes().take(start).filter(|byte| *byte == b'\n').count() as u64 + 1;
            faults.add(
                Spot { file: FILE, line },
                "",
                format!("无法读取：{}", error.message()),
                "按 键 = \"值\" 的写法改正",
            );
            return None;
        }
    };
    let lines = (1u64..)
        .zip(text.lines())
        .filter_map(|(line, content)| content.split_once('=').map(|(key, _)| (key.trim().to_owned(), line)))
        .collect::<BTreeMap<_, _>>();
    let mut needed = |key: &str, value: Option<String>| {
        let line = lines.get(key).copied().unwrap_or(0);
        let value = value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        if value.is_none() {
            faults.add(Spot { file: FILE, line }, key, "不能为空", format!("补上 {key} = \"…\""));
        }
        value
    };
    let systems = raw.systems.unwrap_or_default();
    let name = needed("name", raw.name);
    let version = needed("version", raw.version);
    let region = needed("region", raw.region);
    let duty_office = needed("duty_office", systems.duty_office);
    let street = needed("street", systems.street);
    let zone = needed("zone", systems.zone);
    let effective_from = needed(
        "effective_from",
        raw.effective_from.map(|value| match value {
            toml::Value::String(text) => text,
            other => other.to_string(),
        }),
    );
    let effective_from = effective_from.and_then(|text| {
        let date = parse_date(&text, Edge::First);
        if date.is_none() {
            let spot = Spot { file: FILE, line: lines.get("effective_from").copied().unwrap_or(0) };
            faults.add(spot, "effective_from", format!("“{text}”不是日期"), "写成 2024-08-09");
        }
        date
    });
    let manifest = Manifest {
        name: name?,
        version: CatalogueVersionId::new(version?),
        effective_from: effective_from?,
        region: PlaceCode::new(region?),
        duty_office: SystemCode::new(duty_office?),
        street: SystemCode::new(street?),
        zone: SystemCode::new(zone?),
        note: raw.note.unwrap_or_default(),
    };
    Some(ReadManifest { manifest, lines })
}
