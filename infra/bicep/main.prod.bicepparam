using './main.bicep'

param workload = 'ingest'
param environment = 'prod'
param stamps = [{ name: 'blue', share: '0-100' }]
param activeStamp = 'blue'
param alertEmails = ['ingestion-prod@example.com']
